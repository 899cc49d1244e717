/**
 * Bytes that are written again and again: eight at a time, as doubles, the last ones filled up with zeros. UTF-8 never looks like a NaN, whose bits an
 * engine may change: no byte of it is 0xFF, and 0x7F never follows 0xF0 or more.
 */
export class ConstantBytes {
  readonly length: number;
  readonly words: Float64Array;

  constructor(text: string) {
    const bytes = Buffer.from(text);
    this.length = bytes.length;
    const padded = new Uint8Array((bytes.length + 7) & ~7);
    padded.set(bytes);
    this.words = new Float64Array(padded.buffer);
  }
}
