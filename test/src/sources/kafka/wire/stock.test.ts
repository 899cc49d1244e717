import { createRequire } from 'node:module';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { expand } from '../../../../../src/sources/kafka/wire/compression/codecs.js';
import { zstdReady } from '../../../../../src/sources/kafka/wire/compression/zstd.js';
import { RecordSetReader } from '../../../../../src/sources/kafka/wire/record-set.js';
import { asOffset } from '../../../../../streams/model/units.js';
import { encodeBatch, marker, type BatchSpec } from './batches.js';

/** kafkajs' own decoder and `Batch`, as they are before the patch: nothing in this file installs it. */
const load: (path: string) => unknown = createRequire(import.meta.url);

type Callable = (...args: readonly unknown[]) => unknown;
type Constructable = new (...args: readonly unknown[]) => object;
const isCallable = (value: unknown): value is Callable => typeof value === 'function';
const isConstructable = (value: unknown): value is Constructable => typeof value === 'function';

const make = (path: string, ...args: readonly unknown[]): object => {
  const Made = load(path);
  if (!isConstructable(Made)) throw new Error(`${path} exports no class`);
  return new Made(...args);
};

const field = (of: unknown, name: string): unknown =>
  typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;

/** What stock kafkajs hands to a consumer that asked for `from`. */
const stockMessages = async (bytes: Buffer, from: number, aborted: readonly object[]): Promise<readonly unknown[]> => {
  const decode = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js');
  if (!isCallable(decode)) throw new Error('kafkajs has no decoder where it should be');
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  const messages = await decode(make('kafkajs/src/protocol/decoder.js', Buffer.concat([length, bytes])));
  const data = { partition: 0, highWatermark: '1000000', abortedTransactions: aborted, messages };
  const found = field(make('kafkajs/src/consumer/batch.js', 'telemetry', String(from), data), 'messages');
  if (!Array.isArray(found)) throw new Error('kafkajs made no messages');
  return found.map((message: unknown) => ({
    offset: Number(field(message, 'offset')),
    timestampMs: Number(field(message, 'timestamp')),
    key: field(message, 'key'),
    value: field(message, 'value'),
    headers: field(message, 'headers'),
  }));
};

const ourMessages = (
  bytes: Buffer,
  from: number,
  aborted: readonly { readonly producerId: string; readonly firstOffset: string }[],
  chunk: number,
): readonly unknown[] => {
  const reader = new RecordSetReader({ bytes, aborted }, { from: asOffset(from), maxBatchBytes: 10_000_000 });
  const all: unknown[] = [];
  while (!reader.isDone) {
    for (const { offset, timestampMs, key, value, headers } of reader.take(chunk))
      all.push({ offset, timestampMs, key, value, headers });
  }
  expect(reader.fault).toBeNull();
  return all;
};

const bytes = fc.uint8Array({ maxLength: 40 }).map((part) => Buffer.from(part));
const nullable = fc.option(bytes, { nil: null });
const record = fc.record({
  gap: fc.nat(3),
  timestampDelta: fc.integer({ min: -5_000, max: 86_400_000 }),
  // Stock kafkajs takes a key of four zero bytes for the end of a transaction: that fault of its is left out here.
  key: nullable.filter((key) => key?.equals(Buffer.alloc(4)) !== true),
  value: nullable,
  headers: fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'trace', 'ü', 'x-y'), bytes), {
    maxLength: 3,
    selector: ([name]) => name,
  }),
});
const batch = fc.record({
  records: fc.array(record, { minLength: 1, maxLength: 30 }),
  gap: fc.nat(2),
  codec: fc.constantFrom('none', 'gzip', 'snappy', 'snappy_framed', 'lz4', 'zstd'),
  firstTimestampMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  isLogAppendTime: fc.boolean(),
  transaction: fc.constantFrom('none', 'commit', 'abort'),
  producerId: fc.integer({ min: 1, max: 3 }),
});

interface Aborted {
  readonly producerId: string;
  readonly firstOffset: string;
  readonly markerAt: number;
}

interface Log {
  readonly bytes: Buffer;
  readonly aborted: readonly Aborted[];
  readonly end: number;
}

/** A broker lists only transactions that reach into what is fetched; stock kafkajs relies on that, we do not. */
const listedFrom = ({ aborted }: Log, from: number): readonly Aborted[] =>
  aborted.filter(({ markerAt }) => markerAt >= from);

/** Lays the batches out one behind the other, each transaction followed by its marker. */
const logOf = (batches: readonly (typeof batch extends fc.Arbitrary<infer B> ? B : never)[]): Log => {
  const parts: Buffer[] = [];
  const aborted: Aborted[] = [];
  let at = 0;
  for (const { records, gap, transaction, producerId, ...rest } of batches) {
    at += gap;
    let delta = -1;
    const placed = records.map(({ gap: skipped, ...one }) => ({ ...one, offsetDelta: (delta += 1 + skipped) }));
    const isTransactional = transaction !== 'none';
    const spec: BatchSpec = {
      ...rest,
      baseOffset: at,
      records: placed,
      maxTimestampMs: rest.firstTimestampMs + 1,
      isTransactional,
      producerId,
    };
    parts.push(encodeBatch(spec));
    const markerAt = at + delta + 1;
    if (transaction === 'abort') aborted.push({ producerId: String(producerId), firstOffset: String(at), markerAt });
    at = markerAt;
    if (transaction !== 'none') parts.push(marker(at++, producerId, transaction));
  }
  return { bytes: Buffer.concat(parts), aborted, end: at };
};

describe('the decoder beside the stock one', () => {
  beforeAll(async () => {
    await zstdReady();
    const codecs = field(load('kafkajs/src/protocol/message/compression/index.js'), 'Codecs');
    if (typeof codecs !== 'object' || codecs === null) throw new Error('kafkajs has no codecs where they should be');
    for (const codec of [2, 3, 4]) {
      Reflect.set(codecs, codec, () => ({
        decompress: (packed: Buffer) => Promise.resolve(expand(codec, packed, 10_000_000)),
      }));
    }
  });

  it('gives the same records for any log, any codec, any place to begin, any chunk size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 40 }),
        async (batches, where, chunk) => {
          const log = logOf(batches);
          const from = Math.floor(log.end * where);
          const expected = await stockMessages(log.bytes, from, listedFrom(log, from));
          expect(ourMessages(log.bytes, from, listedFrom(log, from), chunk)).toEqual(expected);
          expect(ourMessages(log.bytes, from, log.aborted, chunk)).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });
});
