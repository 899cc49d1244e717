/** Bytes that come again and again at one place. */
export class Constant {
  readonly length: number;
  /**
   * Eight bytes each, as doubles: of different bytes none are equal that occur in JSON. The last eight may overlap those before. Of fewer than eight
   * bytes, each by itself.
   */
  readonly #words: readonly number[];

  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { length } = bytes;
    this.length = length;
    this.#words =
      length < 8
        ? [...bytes]
        : Array.from({ length: (length + 7) >> 3 }, (_, index) =>
            view.getFloat64(Math.min(index * 8, length - 8), true),
          );
  }

  /** Whether they stand at `at`; there must be as many bytes. */
  isAt(view: DataView, at: number): boolean {
    const words = this.#words;
    const last = this.length - 8;
    if (last < 0) return areAt(words, view, at);
    for (let i = 0; i < words.length - 1; i += 1) if (view.getFloat64(at + i * 8, true) !== words[i]) return false;
    return view.getFloat64(at + last, true) === words[words.length - 1];
  }
}

const areAt = (bytes: readonly number[], view: DataView, at: number): boolean => {
  for (let i = 0; i < bytes.length; i += 1) if (view.getUint8(at + i) !== bytes[i]) return false;
  return true;
};
