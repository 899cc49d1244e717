/** Bytes that come again and again at one place. */
export class Constant {
  readonly length: number;
  /** Eight bytes each, as doubles, but the last: of different bytes none are equal that occur in JSON. */
  readonly #words: readonly number[];
  /** The last eight bytes, which may overlap those before; not used of fewer than eight. */
  readonly #last: number;
  /** All bytes of fewer than eight. */
  readonly #few: readonly number[];

  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { length } = bytes;
    this.length = length;
    this.#words = Array.from({ length: Math.max(0, (length - 1) >> 3) }, (_, index) =>
      view.getFloat64(index * 8, true),
    );
    this.#last = length < 8 ? NaN : view.getFloat64(length - 8, true);
    this.#few = length < 8 ? [...bytes] : [];
  }

  /** Whether they stand at `at`; there must be as many bytes. */
  isAt(view: DataView, at: number): boolean {
    const { length } = this;
    if (length < 8) return this.#areFewAt(view, at);
    const words = this.#words;
    for (let i = 0; i < words.length; i += 1) if (view.getFloat64(at + i * 8, true) !== words[i]) return false;
    return view.getFloat64(at + length - 8, true) === this.#last;
  }

  #areFewAt(view: DataView, at: number): boolean {
    const few = this.#few;
    for (let i = 0; i < few.length; i += 1) if (view.getUint8(at + i) !== few[i]) return false;
    return true;
  }
}
