import type { RawRecord } from '../../model/raw-record.js';
import { arePlain } from './bytes.js';
import type { Constant } from './constant.js';
import type { Texts } from './texts.js';

export type Scalar = string | number | boolean | null;

const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;
const zero = 0x30;
/** Ten to the power of its index: exact up to here. */
const powersOfTen = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);
/** As many decimal digits are exact in a double, whatever they are. */
const exactDigits = 15;

const nothing: Buffer = Buffer.alloc(0);

/** Reads scalars of JSON straight from bytes. Whatever it is not certain of it leaves to `JSON.parse`, by giving `undefined`. */
export class Scanner {
  #bytes = nothing;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  #end = 0;

  open({ bytes, valueStart, valueEnd }: RawRecord): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.#at = valueStart;
    this.#end = valueEnd;
  }

  /** Passes the constant if it stands here; the last one must end with the record. */
  passes(constant: Constant, isLast: boolean): boolean {
    const behind = this.#at + constant.length;
    if (behind > this.#end || (isLast && behind !== this.#end) || !constant.isAt(this.#view, this.#at)) return false;
    this.#at = behind;
    return true;
  }

  /** The scalar that begins here, exactly as `JSON.parse` reads it; of a text that is not wanted, only that it is one. */
  scalar(texts: Texts, isWanted: boolean): Scalar | undefined {
    const first = this.#bytes[this.#at];
    if (first === quote) return this.#text(texts, isWanted);
    return first === 0x74 || first === 0x66 || first === 0x6e ? this.#word() : this.#number();
  }

  #text(texts: Texts, isWanted: boolean): string | undefined {
    const view = this.#view;
    const end = this.#end;
    const start = this.#at + 1;
    const again = texts.again(view, start, end);
    if (again > 0) {
      this.#at = start + again;
      return texts.last;
    }
    let at = start;
    let hash = 0;
    for (; at + 4 <= end; at += 4) {
      const word = view.getInt32(at);
      if (!arePlain(word)) break;
      hash = Math.imul(hash ^ word, 0x9e3779b1);
    }
    let bits = 0;
    for (; at < end; at += 1) {
      const byte = view.getUint8(at);
      if (byte === quote) {
        this.#at = at + 1;
        const isAscii = bits < 0x80;
        const text = isAscii && !isWanted ? '' : texts.of(view, this.#bytes, start, at, hash, isAscii);
        if (text !== undefined) texts.see(this.#bytes, start, at, hash, text);
        return text;
      }
      if (byte === backslash || byte < 0x20) return undefined;
      hash = Math.imul(hash ^ byte, 0x85ebca6b);
      bits |= byte;
    }
    return undefined;
  }

  #word(): boolean | null | undefined {
    const at = this.#at;
    const word = this.#bytes.toString('latin1', at, Math.min(at + 5, this.#end));
    const length = word === 'false' ? 5 : 4;
    this.#at = at + length;
    if (word === 'false') return false;
    return word.startsWith('true') ? true : word.startsWith('null') ? null : undefined;
  }

  /** Fifteen digits and a power of ten that are both exact need one division, which rounds correctly; others go the long way. */
  #number(): number | undefined {
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    const isNegative = bytes[at] === minus;
    if (isNegative) at += 1;
    const integer = at;
    let digits = 0;
    let digit = (bytes[at] ?? 0) - zero;
    while (digit >= 0 && digit <= 9) {
      digits = digits * 10 + digit;
      at += 1;
      digit = (bytes[at] ?? 0) - zero;
    }
    if (at === integer || (bytes[integer] === zero && at > integer + 1)) return undefined;
    let decimals = 0;
    if (bytes[at] === 0x2e) {
      const fraction = at + 1;
      at = fraction;
      digit = (bytes[at] ?? 0) - zero;
      while (digit >= 0 && digit <= 9) {
        digits = digits * 10 + digit;
        at += 1;
        digit = (bytes[at] ?? 0) - zero;
      }
      decimals = at - fraction;
      if (decimals === 0) return undefined;
    }
    // Exponents are rare: JSON.parse reads them.
    if (((bytes[at] ?? 0) | 0x20) === 0x65 || at > this.#end) return undefined;
    this.#at = at;
    if (at - start > exactDigits) return Number(bytes.toString('latin1', start, at));
    const value = decimals === 0 ? digits : digits / (powersOfTen[decimals] ?? NaN);
    return isNegative ? -value : value;
  }
}
