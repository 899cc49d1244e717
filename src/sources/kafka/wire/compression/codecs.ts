import { gunzipSync, gzipSync } from 'node:zlib';
import { Undecodable } from '../undecodable.js';
import { expandLz4, shrinkLz4 } from './lz4.js';
import { expandSnappy, shrinkSnappy, shrinkSnappyFramed } from './snappy.js';
import { expandZstd, shrinkZstd } from './zstd.js';

/** `snappy` is one raw block, as clients in Go may send it; `snappy_framed` is what Java clients send. Consumers read both. */
export type Compression = 'none' | 'gzip' | 'snappy' | 'snappy_framed' | 'lz4' | 'zstd';

/** The codec bits of a record batch's attributes. */
const codecMask = 7;

/**
 * The records of a batch, expanded as its attributes say; uncompressed ones are returned as they are.
 * Errors: throws `Undecodable` when they are corrupt, expand beyond `cap` bytes, or use an unknown codec.
 */
export const expand = (attributes: number, bytes: Buffer, cap: number): Buffer => {
  const codec = attributes & codecMask;
  if (codec === 0) return bytes;
  const expander = expanders[codec];
  if (expander === undefined) throw new Undecodable(`compression codec ${codec} is not known`);
  try {
    return expander(bytes, cap);
  } catch (error) {
    if (error instanceof Undecodable) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    throw new Undecodable(`can't be decompressed within ${cap} bytes: ${cause}`, { cause: error });
  }
};

const expanders: Readonly<Record<number, (bytes: Buffer, cap: number) => Buffer>> = {
  1: (bytes, cap) => gunzipSync(bytes, { maxOutputLength: cap }),
  2: expandSnappy,
  3: expandLz4,
  4: expandZstd,
};

/**
 * How kafkajs is told to compress: it looks the encoder up by the whole number and writes its low three bits into the batch, so
 * that framed snappy can be 10 (2 + 8) beside raw snappy's 2.
 */
export const codecNumber: Readonly<Record<Compression, number>> = {
  none: 0,
  gzip: 1,
  snappy: 2,
  lz4: 3,
  zstd: 4,
  snappy_framed: 10,
};

/** Encoders by codec number. */
export const shrinkers: Readonly<Record<number, (bytes: Buffer) => Buffer>> = {
  1: (bytes) => gzipSync(bytes),
  2: shrinkSnappy,
  3: shrinkLz4,
  4: shrinkZstd,
  10: shrinkSnappyFramed,
};
