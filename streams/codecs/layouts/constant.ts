/** Bytes that come again and again at one place. */
export class Constant {
  readonly length: number;
  /** Eight bytes each, as doubles: of different bytes none are equal that occur in JSON. */
  readonly #words: Float64Array;
  readonly #rest: Uint8Array;

  constructor(readonly bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.length = bytes.length;
    this.#words = Float64Array.from({ length: bytes.length >> 3 }, (_, index) => view.getFloat64(index * 8));
    this.#rest = bytes.slice(this.#words.length * 8);
  }

  /** Whether they stand at `at`; there must be as many bytes. */
  isAt(view: DataView, at: number): boolean {
    const words = this.#words;
    let behind = at;
    for (let i = 0; i < words.length; i += 1, behind += 8) if (view.getFloat64(behind) !== words[i]) return false;
    const rest = this.#rest;
    for (let i = 0; i < rest.length; i += 1) if (view.getUint8(behind + i) !== rest[i]) return false;
    return true;
  }
}
