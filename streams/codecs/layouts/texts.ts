import { mixed } from './bytes.js';
import { Constant } from './constant.js';
import { isUtf8 } from './utf8.js';

/** Most texts remembered of one member, and the longest of them, bytes. */
const mostTexts = 8_192;
const longest = 128;
/** After so many texts for which there was no room, those remembered are of the past. */
const mostStrangers = 16 * mostTexts;
const smallest = 64;

/** A string, and the bytes it is written with. */
class Text {
  constructor(
    readonly string: string,
    readonly hash: number,
    /** Its bytes and the closing quote. */
    readonly bytes: Constant,
  ) {}
}

/**
 * The texts of one member, by their bytes: the same bytes give the same string, without making it anew. For members whose texts come
 * again. Memory: at most 8,192 texts of up to 128 bytes.
 */
export class Texts {
  #table = tableOf(smallest);
  #mask = smallest - 1;
  #size = 0;
  #strangers = 0;

  /** The string of a range of bytes that a quote follows; undefined when they are not UTF-8. */
  of(view: DataView, bytes: Buffer, start: number, end: number, isAscii: boolean): string | undefined {
    const hash = hashOf(view, start, end);
    const length = end - start + 1;
    let at = hash & this.#mask;
    for (let known = this.#table[at]; known !== undefined; known = this.#table[at]) {
      if (known.hash === hash && known.bytes.length === length && known.bytes.isAt(view, start)) return known.string;
      at = (at + 1) & this.#mask;
    }
    const string = stringOf(bytes, start, end, isAscii);
    if (string === undefined) return undefined;
    if (length > longest || this.#isFull()) return string;
    this.#add(at, new Text(string, hash, new Constant(new Uint8Array(bytes.subarray(start, end + 1)))));
    return string;
  }

  #isFull(): boolean {
    if (this.#size < mostTexts) return false;
    this.#strangers += 1;
    if (this.#strangers > mostStrangers) {
      this.#resize(smallest, []);
      this.#size = 0;
      this.#strangers = 0;
    }
    return true;
  }

  #add(at: number, added: Text): void {
    this.#table[at] = added;
    this.#size += 1;
    if (this.#size * 2 > this.#mask) this.#resize(this.#table.length * 4, this.#table);
  }

  #resize(length: number, kept: readonly (Text | undefined)[]): void {
    this.#table = tableOf(length);
    this.#mask = length - 1;
    for (const text of kept) {
      if (text === undefined) continue;
      let to = text.hash & this.#mask;
      while (this.#table[to] !== undefined) to = (to + 1) & this.#mask;
      this.#table[to] = text;
    }
  }
}

const tableOf = (length: number): (Text | undefined)[] => new Array<Text | undefined>(length).fill(undefined);

const hashOf = (view: DataView, start: number, end: number): number => {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) hash = mixed(hash ^ view.getInt32(at, true));
  for (; at < end; at += 1) hash = mixed(hash ^ view.getUint8(at));
  return hash;
};

const stringOf = (bytes: Buffer, start: number, end: number, isAscii: boolean): string | undefined => {
  if (isAscii) return bytes.toString('latin1', start, end);
  return isUtf8(bytes, start, end) ? bytes.toString('utf8', start, end) : undefined;
};
