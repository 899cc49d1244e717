import lz4 from 'lz4js';
import { Undecodable } from '../undecodable.js';

/**
 * The LZ4 frame around lz4js' blocks. The package's own frame functions are not used: reading has no cap, and writing makes blocks
 * depend on each other, which Kafka's brokers refuse.
 */
const magic = 0x184d2204;
const blockSizes: Readonly<Record<number, number>> = { 4: 64 << 10, 5: 256 << 10, 6: 1 << 20, 7: 4 << 20 };
const uncompressedFlag = 0x80000000;

interface Frame {
  readonly blocksAt: number;
  readonly maxBlockBytes: number;
  readonly hasBlockChecksums: boolean;
}

const readFrame = (bytes: Buffer): Frame => {
  if (bytes.length < 7 || bytes.readUInt32LE(0) !== magic) throw new Undecodable('lz4: no frame');
  const flags = bytes.readUInt8(4);
  if (flags >>> 6 !== 1) throw new Undecodable(`lz4: frame version ${flags >>> 6} is not known`);
  const maxBlockBytes = blockSizes[(bytes.readUInt8(5) >>> 4) & 7];
  if (maxBlockBytes === undefined) throw new Undecodable('lz4: block size is not known');
  if ((flags & 1) !== 0) throw new Undecodable('lz4: needs a dictionary');
  const hasContentSize = (flags & 8) !== 0;
  return { blocksAt: hasContentSize ? 15 : 7, maxBlockBytes, hasBlockChecksums: (flags & 16) !== 0 };
};

/** Expands one frame; blocks may refer to earlier ones. Errors: throws `Undecodable` beyond `cap` bytes. */
export const expandLz4 = (bytes: Buffer, cap: number): Buffer => {
  const frame = readFrame(bytes);
  let out: Buffer = Buffer.alloc(Math.min(cap, Math.max(frame.maxBlockBytes, bytes.length * 4)));
  let length = 0;
  for (let at = frame.blocksAt; ;) {
    if (at + 4 > bytes.length) throw new Undecodable('lz4: the frame has no end');
    const mark = bytes.readUInt32LE(at);
    if (mark === 0) return out.subarray(0, length);
    const size = mark & ~uncompressedFlag;
    at += 4;
    if (size > frame.maxBlockBytes || at + size > bytes.length) throw new Undecodable('lz4: a block is cut off');
    out = withRoom(out, length, Math.min(cap, length + frame.maxBlockBytes), cap);
    const end =
      (mark & uncompressedFlag) === 0
        ? lz4.decompressBlock(bytes, out, at, size, length)
        : length + bytes.copy(out, length, at, at + size) + missing(out, length, size);
    if (end > out.length) throw new Undecodable(`lz4: expands beyond ${cap} bytes, or a block beyond its size`);
    length = end;
    at += size + (frame.hasBlockChecksums ? 4 : 0);
  }
};

/** How many bytes of an uncompressed block did not fit. */
const missing = (out: Buffer, at: number, size: number): number => Math.max(0, at + size - out.length);

/** At least `needed` bytes, grown in large steps, never beyond `cap`: where the buffer ends, the expanding ends. */
const withRoom = (out: Buffer, used: number, needed: number, cap: number): Buffer => {
  if (out.length >= needed) return out;
  const larger = Buffer.alloc(Math.min(cap, needed * 2));
  out.copy(larger, 0, 0, used);
  return larger;
};

const blockBytes = 64 * 1024;
/** Version 1, independent blocks of at most 64 KiB, no checksums; the last byte is the check of the two before it. */
const header = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);

export const shrinkLz4 = (bytes: Buffer): Buffer => {
  const parts: Buffer[] = [header];
  for (let at = 0; at < bytes.length; at += blockBytes) parts.push(...shrinkBlock(bytes.subarray(at, at + blockBytes)));
  parts.push(Buffer.alloc(4));
  return Buffer.concat(parts);
};

const shrinkBlock = (block: Buffer): readonly [mark: Buffer, body: Buffer] => {
  const target = Buffer.alloc(lz4.compressBound(block.length));
  const length = lz4.compressBlock(block, target, 0, block.length, new Uint32Array(1 << 16));
  const mark = Buffer.alloc(4);
  const body = target.subarray(0, length);
  const isUsable = length > 0 && length < block.length && lastMatchAt(body) <= block.length - endBytes;
  mark.writeUInt32LE(isUsable ? length : (uncompressedFlag | block.length) >>> 0);
  return [mark, isUsable ? body : block];
};

/** No match may begin in the last bytes of a block. lz4js lets some, and brokers refuse what it makes then: such a block goes as it is. */
const endBytes = 12;

/** Where in the expanded block its last match begins; 0 when there is none. */
const lastMatchAt = (body: Buffer): number => {
  let at = 0;
  let out = 0;
  let last = 0;
  /** A length of 15 goes on in the bytes that follow, until one that is not 255. */
  const rest = (length: number): number => {
    if (length < 15) return length;
    let sum = length;
    for (let more = 255; more === 255; sum += more) more = body[at++] ?? 0;
    return sum;
  };
  for (;;) {
    const token = body[at++] ?? 0;
    const literals = rest(token >>> 4);
    at += literals;
    out += literals;
    if (at >= body.length) return last;
    last = out;
    at += 2;
    out += rest(token & 15) + 4;
  }
};
