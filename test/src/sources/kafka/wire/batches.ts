import { codecNumber, shrinkers, type Compression } from '../../../../../src/sources/kafka/wire/compression/codecs.js';
import { crc32c } from '../../../../../src/sources/kafka/wire/crc32c.js';

/** One record of a batch, as bytes; `offsetDelta` counts from the batch's base offset. */
export interface RecordSpec {
  readonly offsetDelta: number;
  readonly timestampDelta?: number;
  readonly key?: Buffer | null;
  readonly value?: Buffer | null;
  readonly headers?: readonly (readonly [name: string, value: Buffer | null])[];
}

export interface BatchSpec {
  readonly baseOffset: number;
  readonly records: readonly RecordSpec[];
  readonly codec?: Compression;
  readonly firstTimestampMs?: number;
  readonly maxTimestampMs?: number;
  /** When compaction took the last records away: greater than the last record's delta. */
  readonly lastOffsetDelta?: number;
  readonly producerId?: number;
  readonly isTransactional?: boolean;
  readonly isControl?: boolean;
  readonly isLogAppendTime?: boolean;
}

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  let rest = value < 0 ? -value * 2 - 1 : value * 2;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
};

const sized = (bytes: Buffer | null): Buffer =>
  bytes === null ? varint(-1) : Buffer.concat([varint(bytes.length), bytes]);

const encodeRecord = (record: RecordSpec): Buffer => {
  const headers = record.headers ?? [];
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(record.timestampDelta ?? 0),
    varint(record.offsetDelta),
    sized(record.key ?? null),
    sized(record.value ?? null),
    varint(headers.length),
    ...headers.flatMap(([name, value]) => [sized(Buffer.from(name)), sized(value)]),
  ]);
  return sized(body);
};

/** A record batch of format version 2, as a broker would send it. */
export const encodeBatch = (spec: BatchSpec): Buffer => {
  const codec = codecNumber[spec.codec ?? 'none'];
  const plain = Buffer.concat(spec.records.map(encodeRecord));
  const body = shrinkers[codec]?.(plain) ?? plain;
  return wrapped(spec, codec & 7, body);
};

/** The same with a body given as it is, e.g. one that is corrupt or expands without end. */
export const wrapped = (spec: BatchSpec, codecBits: number, body: Buffer): Buffer => {
  const header = Buffer.alloc(61);
  const first = spec.firstTimestampMs ?? 1_700_000_000_000;
  header.writeBigInt64BE(BigInt(spec.baseOffset), 0);
  header.writeInt32BE(49 + body.length, 8);
  header.writeInt8(2, 16);
  const bits =
    (spec.isLogAppendTime === true ? 8 : 0) |
    (spec.isTransactional === true ? 16 : 0) |
    (spec.isControl === true ? 32 : 0);
  header.writeInt16BE(codecBits | bits, 21);
  header.writeInt32BE(spec.lastOffsetDelta ?? spec.records.at(-1)?.offsetDelta ?? 0, 23);
  header.writeBigInt64BE(BigInt(first), 27);
  header.writeBigInt64BE(BigInt(spec.maxTimestampMs ?? first), 35);
  header.writeBigInt64BE(BigInt(spec.producerId ?? -1), 43);
  header.writeInt16BE(-1, 51);
  header.writeInt32BE(-1, 53);
  header.writeInt32BE(spec.records.length, 57);
  const batch = Buffer.concat([header, body]);
  batch.writeUInt32BE(crc32c(batch, 21, batch.length), 17);
  return batch;
};

/** A transaction's end. */
export const marker = (offset: number, producerId: number, kind: 'commit' | 'abort'): Buffer =>
  encodeBatch({
    baseOffset: offset,
    producerId,
    isTransactional: true,
    isControl: true,
    records: [{ offsetDelta: 0, key: Buffer.from([0, 0, 0, kind === 'abort' ? 0 : 1]), value: Buffer.alloc(6) }],
  });

/** Records with the values given, at consecutive offsets. */
export const plainBatch = (baseOffset: number, values: readonly string[], more: Partial<BatchSpec> = {}): Buffer =>
  encodeBatch({
    baseOffset,
    records: values.map((value, offsetDelta) => ({ offsetDelta, value: Buffer.from(value) })),
    ...more,
  });
