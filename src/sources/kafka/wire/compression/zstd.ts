import { compress, decompress, isLoaded } from '@foxglove/wasm-zstd';
import { Undecodable } from '../undecodable.js';

const magic = 0xfd2fb528;
const firstGuess = 8;
const growth = 4;
const leastBytes = 64 * 1024;

/** The WebAssembly module compiles in the background; nothing here works before this has resolved. */
export const zstdReady = async (): Promise<void> => {
  await isLoaded;
};

/**
 * Expands one or more frames. Java clients do not write the expanded size, so it is guessed and the guess grows up to `cap`.
 * Errors: throws `Undecodable` when it is corrupt or expands beyond `cap` bytes; the library does not tell the two apart.
 */
export const expandZstd = (bytes: Buffer, cap: number): Buffer => {
  if (bytes.length < 5 || bytes.readUInt32LE(0) !== magic) throw new Undecodable('zstd: no frame');
  for (let room = Math.max(leastBytes, bytes.length * firstGuess); ; room *= growth) {
    const isLast = room >= cap;
    try {
      return decompress(bytes, isLast ? cap : room);
    } catch (error) {
      if (isLast) throw new Undecodable(`zstd: corrupt, or expands beyond ${cap} bytes`, { cause: error });
    }
  }
};

export const shrinkZstd = (bytes: Buffer): Buffer => compress(bytes);
