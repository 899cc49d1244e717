import snappy from 'snappyjs';
import { Undecodable } from '../undecodable.js';

/** What snappy-java puts before its blocks: a magic, then two version numbers. Each block follows its length, 32 bits big-endian. */
const magic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const headerBytes = 16;
const blockBytes = 32 * 1024;

/** Expands both forms: framed as Java clients write it, and a raw block as Go clients may. Errors: throws `Undecodable` beyond `cap` bytes. */
export const expandSnappy = (bytes: Buffer, cap: number): Buffer =>
  bytes.subarray(0, magic.length).equals(magic) ? expandFrames(bytes, cap) : expandBlock(bytes, cap);

const expandFrames = (bytes: Buffer, cap: number): Buffer => {
  const parts: Buffer[] = [];
  let total = 0;
  for (let at = headerBytes; at < bytes.length;) {
    if (at + 4 > bytes.length) throw new Undecodable('snappy: the last block has no length');
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > bytes.length) throw new Undecodable('snappy: the last block is cut off');
    const part = expandBlock(bytes.subarray(at + 4, at + 4 + length), cap - total);
    total += part.length;
    parts.push(part);
    at += 4 + length;
  }
  return Buffer.concat(parts, total);
};

const expandBlock = (bytes: Buffer, cap: number): Buffer => snappy.uncompress(bytes, cap);

/** One raw block without a frame. */
export const shrinkSnappy = (bytes: Buffer): Buffer => snappy.compress(bytes);

/** Framed as snappy-java does it, blocks of 32 KiB. */
export const shrinkSnappyFramed = (bytes: Buffer): Buffer => {
  const parts: Buffer[] = [magic, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])];
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const block = snappy.compress(bytes.subarray(at, at + blockBytes));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
};
