import { createReadStream } from 'node:fs';
import { type Columns, type Reading, UnreadableSeries } from './reading.js';
import { readCsv } from './read-csv.js';
import { readJsonl } from './read-jsonl.js';

export type Format = 'csv' | 'jsonl';

/** By the end of its name; of standard input, and of names that tell nothing, CSV. */
export const formatOf = (file: string): Format => (/\.(?:jsonl|ndjson|json)$/i.test(file) ? 'jsonl' : 'csv');

/** The readings of a file, or of standard input for `-`, as they are read: a file of any size takes no more memory than a small one. Each is seen before it is given. */
export async function* readSeries(
  file: string,
  format: Format,
  columns: Columns,
  seen: (reading: Reading) => void,
): AsyncGenerator<Reading> {
  const source = file === '-' ? process.stdin : createReadStream(file);
  try {
    for await (const reading of (format === 'csv' ? readCsv : readJsonl)(source, file, columns)) {
      seen(reading);
      yield reading;
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error && 'syscall' in error ? error.code : null;
    if (code === 'ENOENT') throw new UnreadableSeries(file, null, 'there is no such file');
    if (code !== null) throw new UnreadableSeries(file, null, `it can't be read: ${(error as Error).message}`);
    throw error;
  }
}
