import { crc32c } from '../dist/src/sources/kafka/wire/crc32c.js';

const headerBytes = 61;

/** Appends to a buffer that grows. */
class Writer {
  bytes = Buffer.allocUnsafe(1 << 20);
  at = 0;

  reserve(count) {
    if (this.at + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + count));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }

  varint(value) {
    let rest = value < 0 ? -value * 2 - 1 : value * 2;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.bytes[this.at++] = (rest % 128) | 128;
    this.bytes[this.at++] = rest;
  }

  copy(bytes) {
    this.at += bytes.copy(this.bytes, this.at);
  }
}

const varintLength = (value) => {
  let length = 1;
  for (let rest = value < 0 ? -value * 2 - 1 : value * 2; rest > 127; rest = Math.floor(rest / 128)) length += 1;
  return length;
};

/**
 * Consecutive records as a broker sends them: batches of format version 2, at most `perBatch` records each, one after the other in one
 * buffer. Independent of the adapter's decoder, except for the checksum.
 */
export const recordBatches = (baseOffset, records, perBatch) => {
  const out = new Writer();
  for (let first = 0; first < records.length; first += perBatch) {
    writeBatch(out, baseOffset + first, records.slice(first, first + perBatch));
  }
  return Buffer.from(out.bytes.subarray(0, out.at));
};

const writeBatch = (out, baseOffset, records) => {
  out.reserve(headerBytes);
  const start = out.at;
  const firstMs = records[0].timestampMs;
  out.at += headerBytes;
  records.forEach((record, delta) => writeRecord(out, delta, record.timestampMs - firstMs, record));
  const { bytes, at: end } = out;
  bytes.writeBigInt64BE(BigInt(baseOffset), start);
  bytes.writeInt32BE(end - start - 12, start + 8);
  bytes.writeInt32BE(0, start + 12);
  bytes.writeInt8(2, start + 16);
  bytes.writeInt16BE(0, start + 21);
  bytes.writeInt32BE(records.length - 1, start + 23);
  bytes.writeBigInt64BE(BigInt(firstMs), start + 27);
  bytes.writeBigInt64BE(BigInt(records.at(-1).timestampMs), start + 35);
  bytes.writeBigInt64BE(-1n, start + 43);
  bytes.writeInt16BE(-1, start + 51);
  bytes.writeInt32BE(-1, start + 53);
  bytes.writeInt32BE(records.length, start + 57);
  bytes.writeUInt32BE(crc32c(bytes, start + 21, end), start + 17);
};

const writeRecord = (out, delta, timestampDelta, record) => {
  const [key, value] = [Buffer.from(record.key), Buffer.from(record.value)];
  const length =
    1 +
    varintLength(timestampDelta) +
    varintLength(delta) +
    varintLength(key.length) +
    key.length +
    varintLength(value.length) +
    value.length +
    1;
  out.reserve(length + 8);
  out.varint(length);
  out.bytes[out.at++] = 0;
  out.varint(timestampDelta);
  out.varint(delta);
  out.varint(key.length);
  out.copy(key);
  out.varint(value.length);
  out.copy(value);
  out.varint(0);
};
