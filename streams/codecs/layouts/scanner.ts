import type { RawRecord } from '../../model/raw-record.js';
import type { Constant } from './constant.js';
import { powersOfTen } from '../../numbers/exact.js';
import { exactDigits, longDecimal } from './decimal.js';
import { textEnd, wordAt } from './passing.js';
import { kind, type Scalars, unwanted } from './scalars.js';
import type { Texts } from './texts.js';
import { isUtf8 } from './utf8.js';

const quote = 0x22;
const minus = 0x2d;
const zero = 0x30;

/** Reads scalars of JSON straight from bytes into slots. Whatever it is not certain of it leaves to `JSON.parse`, by giving false. */
export class Scanner {
  #at = 0;
  #end = 0;

  constructor(readonly found: Scalars) {}

  open({ bytes, valueStart, valueEnd }: RawRecord): void {
    this.found.open(bytes);
    this.#at = valueStart;
    this.#end = valueEnd;
  }

  /** Passes the constant if it stands here; the last one must end with the record. */
  passes(constant: Constant, isLast: boolean): boolean {
    const behind = this.#at + constant.length;
    if (behind > this.#end || (isLast && behind !== this.#end) || !constant.isAt(this.found.view, this.#at))
      return false;
    this.#at = behind;
    return true;
  }

  /** Passes the scalar that begins here, and puts it into the slot exactly as `JSON.parse` reads it. */
  scalar(slot: number, member: Texts): boolean {
    const first = this.found.bytes[this.#at];
    if (first === quote) return this.#text(slot, member);
    return first === 0x74 || first === 0x66 || first === 0x6e ? this.#word(slot) : this.#number(slot);
  }

  #text(slot: number, member: Texts): boolean {
    const { view, bytes } = this.found;
    const start = this.#at;
    const found = textEnd(view, start + 1, this.#end);
    if (found === -1) return false;
    const isAscii = found >= 0;
    const end = isAscii ? found : ~found;
    this.#at = end + 1;
    if (slot === unwanted) return isAscii || isUtf8(bytes, start + 1, end);
    this.found.setText(slot, member, isAscii);
    this.#keep(slot, start);
    return true;
  }

  /** That the scalar in a slot reaches from `start` to where reading goes on. */
  #keep(slot: number, start: number): void {
    this.found.starts[slot] = start;
    this.found.ends[slot] = this.#at;
  }

  #word(slot: number): boolean {
    const start = this.#at;
    const is = wordAt(this.found.view, start, this.#end);
    if (is < 0) return false;
    this.#at = start + (is === kind.false ? 5 : 4);
    if (slot === unwanted) return true;
    this.found.kinds[slot] = is;
    this.#keep(slot, start);
    return true;
  }

  /** Fifteen digits and a power of ten that are both exact need one division, which rounds correctly. */
  #number(slot: number): boolean {
    const { bytes } = this.found;
    const start = this.#at;
    const isNegative = bytes[start] === minus;
    const integer = isNegative ? start + 1 : start;
    let at = integer;
    let digits = 0;
    let digit = (bytes[at] ?? 0) - zero;
    while (digit >= 0 && digit <= 9) {
      digits = digits * 10 + digit;
      at += 1;
      digit = (bytes[at] ?? 0) - zero;
    }
    if (at === integer || (bytes[integer] === zero && at > integer + 1)) return false;
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
      if (decimals === 0) return false;
    }
    // Exponents are rare: JSON.parse reads them.
    if (((bytes[at] ?? 0) | 0x20) === 0x65 || at > this.#end) return false;
    this.#at = at;
    if (slot === unwanted) return true;
    const isLong = at - integer > exactDigits;
    const value = isLong ? longDecimal(bytes, integer, at, decimals) : decimals === 0 ? digits : digits / (powersOfTen[decimals] ?? NaN); // prettier-ignore
    if (value === Infinity) return false;
    this.found.setNumber(slot, isNegative ? -value : value);
    this.#keep(slot, start);
    return true;
  }
}
