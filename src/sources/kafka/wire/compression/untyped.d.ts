/** The parts of two untyped packages that are used here. */

declare module 'snappyjs' {
  const snappy: {
    /** Errors: throws when the bytes are no snappy block, or when its preamble announces more than `maxLength`. */
    uncompress(compressed: Buffer, maxLength?: number): Buffer;
    compress(uncompressed: Buffer): Buffer;
  };
  export default snappy;
}

declare module 'lz4js' {
  const lz4: {
    /** Returns where it would have stopped writing, which may lie behind the end of `target`: what didn't fit is dropped. */
    decompressBlock(source: Buffer, target: Buffer, sourceAt: number, sourceLength: number, targetAt: number): number;
    /** Returns the compressed length, or 0 when the block can't be made smaller. `hashTable` starts as zeros. */
    compressBlock(
      source: Buffer,
      target: Buffer,
      sourceAt: number,
      sourceLength: number,
      hashTable: Uint32Array,
    ): number;
    compressBound(length: number): number;
  };
  export default lz4;
}
