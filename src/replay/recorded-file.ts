import { createReadStream } from 'node:fs';
import { type Chunk, chunkOf } from '../../streams/model/chunk.js';
import type { RawRecord } from '../../streams/model/raw-record.js';
import { asOffset } from '../../streams/model/units.js';
import { linesOf, UnreadableInput } from './lines-of.js';
import { recordedLine } from './recorded-line.js';
import { topic } from './replay.js';

const perChunk = 500;

/** The records of a file of JSON lines, or of standard input for `-`, as they are read. Empty lines are passed over. */
export async function* recordedFile(file: string): AsyncGenerator<Chunk<RawRecord>> {
  const source: AsyncIterable<Buffer> = file === '-' ? process.stdin : createReadStream(file);
  try {
    yield* chunksOf(source, file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error && 'syscall' in error ? error.code : null;
    if (code === 'ENOENT') throw new UnreadableInput(file, null, 'there is no such file');
    if (code !== null) throw new UnreadableInput(file, null, `it can't be read: ${(error as Error).message}`);
    throw error;
  }
}

async function* chunksOf(source: AsyncIterable<Buffer>, file: string): AsyncGenerator<Chunk<RawRecord>> {
  const waiting = new Map<number, RawRecord[]>();
  let index = 0;
  let logMs = 0;
  for await (const lines of linesOf(source, file)) {
    for (const line of lines) {
      index += 1;
      if (isBlank(line)) continue;
      const read = recordedLine(line, index - 1, logMs);
      if ('fault' in read) throw new UnreadableInput(file, index, read.fault);
      const { partition, record } = read;
      logMs = record.timestampMs;
      const records = waiting.get(partition) ?? [];
      records.push(record);
      waiting.set(partition, records);
      if (records.length < perChunk) continue;
      waiting.delete(partition);
      yield chunkOf({ topic, partition }, records, asOffset(index));
    }
  }
  for (const [partition, records] of waiting) yield chunkOf({ topic, partition }, records, asOffset(index));
}

const isBlank = (line: Buffer): boolean => line.length < 3 && line.toString().trim() === '';
