import { crc32c } from './crc32c.js';
import { Undecodable } from './undecodable.js';

/** The fixed part of a record batch (format version 2), 61 bytes. Offsets and times as doubles: both stay below 2^53. */
export interface BatchHeader {
  readonly baseOffset: number;
  /** Where the log goes on behind this batch; also when compaction took its last records away. */
  readonly nextOffset: number;
  readonly attributes: number;
  readonly firstTimestampMs: number;
  readonly maxTimestampMs: number;
  readonly producerId: number;
  /** How many records it still holds. */
  readonly count: number;
  /** Its records lie in `[recordsAt, end)` of the bytes it was read from. */
  readonly recordsAt: number;
  readonly end: number;
}

const headerBytes = 61;
/** Base offset and length come before what the length counts. */
const prefixBytes = 12;
const crcStart = 21;

export const isLogAppendTime = (header: BatchHeader): boolean => (header.attributes & 0x08) !== 0;
export const isTransactional = (header: BatchHeader): boolean => (header.attributes & 0x10) !== 0;
export const isControl = (header: BatchHeader): boolean => (header.attributes & 0x20) !== 0;

/** Signed 64 bits, big-endian, as a double. */
const readInt64 = (bytes: Buffer, at: number): number =>
  bytes.readInt32BE(at) * 4294967296 + bytes.readUInt32BE(at + 4);

/**
 * The batch that begins at `at`; null when it is cut off there, as the last batch of a fetch may be. The checksum is verified.
 * Errors: throws `Undecodable` for another format version, a wrong checksum or an impossible length.
 */
export const readBatchHeader = (bytes: Buffer, at: number): BatchHeader | null => {
  if (bytes.length - at < prefixBytes + 5) return null;
  const length = bytes.readInt32BE(at + 8);
  const end = at + prefixBytes + length;
  const magic = bytes.readInt8(at + 16);
  if (magic !== 2) {
    throw new Undecodable(
      `message format v${magic} is not read; rewrite the topic with a broker and producer of 0.11 or newer`,
    );
  }
  if (length < headerBytes - prefixBytes) throw new Undecodable(`a record batch can't be ${length} bytes long`);
  if (end > bytes.length) return null;
  const crc = bytes.readUInt32BE(at + 17);
  if (crc32c(bytes, at + crcStart, end) !== crc) throw new Undecodable('the checksum of the record batch is wrong');
  const baseOffset = readInt64(bytes, at);
  return {
    baseOffset,
    nextOffset: baseOffset + bytes.readInt32BE(at + 23) + 1,
    attributes: bytes.readInt16BE(at + 21),
    firstTimestampMs: readInt64(bytes, at + 27),
    maxTimestampMs: readInt64(bytes, at + 35),
    producerId: readInt64(bytes, at + 43),
    count: bytes.readInt32BE(at + 57),
    recordsAt: at + headerBytes,
    end,
  };
};
