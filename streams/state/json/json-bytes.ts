import type { ConstantBytes } from './constant-bytes.js';
import { mostDigits, writeNumber } from './number-bytes.js';

/** JSON in the making, as UTF-8 bytes: strings would have to be joined, and encoded once more. Whoever writes sees to it that it is JSON. Memory: twice what is written, at most. */
export class JsonBytes {
  #bytes: Buffer;
  #view: DataView;
  #length = 0;

  /** `size`: room for so many bytes; when it is not enough, there will be more. */
  constructor(size = 1 << 16) {
    this.#bytes = Buffer.allocUnsafeSlow(size);
    this.#view = viewOf(this.#bytes);
  }

  get length(): number {
    return this.#length;
  }

  /** Takes back everything behind the first `length` bytes. */
  rewind(length: number): void {
    this.#length = length;
  }

  constant({ length, words }: ConstantBytes): void {
    this.#reserve(words.length * 8);
    const view = this.#view;
    let at = this.#length;
    for (let i = 0; i < words.length; i += 1, at += 8) view.setFloat64(at, words[i] ?? 0, true);
    this.#length += length;
  }

  /** One ASCII character. */
  sign(code: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = code;
  }

  /** As `JSON.stringify` has it, or in seventeen digits where fewer would do: what is not finite is null, and −0 is 0. */
  number(value: number): void {
    this.#reserve(mostDigits);
    this.#length = writeNumber(this.#view, this.#length, value);
  }

  /** Some of many, with commas between them. */
  numbers(values: readonly number[], from: number, to: number): void {
    this.#reserve((to - from) * (mostDigits + 1));
    let at = this.#length;
    for (let i = from; i < to; i += 1) {
      if (i > from) this.#bytes[at++] = comma;
      at = writeNumber(this.#view, at, values[i] ?? NaN);
    }
    this.#length = at;
  }

  /** A string: as it is where every unit is a character of ASCII that stands for itself. */
  string(value: string): void {
    this.#reserve(value.length + 2);
    const before = this.#length;
    let at = before;
    this.#bytes[at++] = quote;
    for (let i = 0; i < value.length; i += 1) {
      const code = value.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === quote || code === backslash) {
        this.text(JSON.stringify(value));
        return;
      }
      this.#bytes[at++] = code;
    }
    this.#bytes[at++] = quote;
    this.#length = at;
  }

  /** JSON that is a text already. */
  text(json: string): void {
    this.#reserve(json.length * 3);
    this.#length += this.#bytes.write(json, this.#length);
  }

  /** A value of any kind. True, as from everything that writes what is to be stored. */
  value(value: unknown): true {
    this.text(JSON.stringify(value));
    return true;
  }

  /** What was written, until something else is. */
  taken(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Room for so many bytes more. */
  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(2 * (this.#length + count));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
    this.#view = viewOf(grown);
  }
}

const [comma, quote, backslash] = [0x2c, 0x22, 0x5c];

const viewOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView => new DataView(buffer, byteOffset, byteLength);
