import { isSameRange } from './bytes.js';
import { Constant } from './constant.js';

/** Most texts remembered of one place, and the longest of them, bytes. */
const mostTexts = 8_192;
const longest = 128;
/** Hashes of texts that came once: a text is remembered when it comes again. A power of two. */
const doors = 1_024;

/** A text that comes twice in a row is taken for the usual one of its place; so many times, then it stays at that. */
const mostChanges = 4;

interface Known {
  readonly hash: number;
  readonly bytes: DataView;
  readonly text: string;
}

/**
 * The texts that occur at one place of a layout, by their bytes: the same bytes give the same string, without making it anew. Those that
 * seldom come again (a time, say) are not remembered. Memory: at most 8,192 texts of up to 128 bytes.
 */
export class Texts {
  #mask = 63;
  #table: (Known | undefined)[] = new Array<undefined>(64).fill(undefined);
  #size = 0;
  readonly #cameOnce = new Int32Array(doors);
  /** What came twice in a row, with its closing quote: it is likely to come again. */
  #repeated: Constant | null = null;
  #changes = 0;
  #lastHash = 0;
  /** The text of `again`. */
  last = '';

  /** How many bytes the text takes that came twice in a row, if it comes again here; else 0. */
  again(view: DataView, at: number, end: number): number {
    const repeated = this.#repeated;
    return repeated !== null && at + repeated.length <= end && repeated.isAt(view, at) ? repeated.length : 0;
  }

  /** Of a text that `again` did not know. */
  see(bytes: Buffer, start: number, end: number, hash: number, text: string): void {
    if (hash === this.#lastHash && end - start <= longest && this.#changes < mostChanges) {
      this.#changes += 1;
      this.#repeated = new Constant(new Uint8Array(bytes.subarray(start, end + 1)));
      this.last = text;
    }
    this.#lastHash = hash;
  }

  /** The text of a range of bytes; undefined when they are not UTF-8, or when that is not certain. `hash` is of these bytes. */
  of(view: DataView, bytes: Buffer, start: number, end: number, hash: number, isAscii: boolean): string | undefined {
    let at = slotOf(hash) & this.#mask;
    for (let known = this.#table[at]; known !== undefined; known = this.#table[at]) {
      if (known.hash === hash && isSameRange(known.bytes, view, start, end)) return known.text;
      at = (at + 1) & this.#mask;
    }
    const text = textOf(bytes, start, end, isAscii);
    if (text !== undefined && this.#isWorthIt(hash, end - start)) this.#add(at, { hash, bytes: copied(bytes, start, end), text }); // prettier-ignore
    return text;
  }

  #isWorthIt(hash: number, length: number): boolean {
    if (length > longest || this.#size >= mostTexts) return false;
    const door = slotOf(hash) & (doors - 1);
    if (this.#cameOnce[door] === hash) return true;
    this.#cameOnce[door] = hash;
    return false;
  }

  #add(at: number, known: Known): void {
    this.#table[at] = known;
    this.#size += 1;
    if (this.#size * 2 <= this.#mask) return;
    const before = this.#table;
    this.#mask = before.length * 4 - 1;
    this.#table = new Array<undefined>(before.length * 4).fill(undefined);
    for (const moved of before) {
      if (moved === undefined) continue;
      let to = slotOf(moved.hash) & this.#mask;
      while (this.#table[to] !== undefined) to = (to + 1) & this.#mask;
      this.#table[to] = moved;
    }
  }
}

const slotOf = (hash: number): number => hash ^ (hash >>> 15);

const copied = (bytes: Buffer, start: number, end: number): DataView =>
  new DataView(new Uint8Array(bytes.subarray(start, end)).buffer);

/** Bytes that are not UTF-8 read as U+FFFD; where that stands, it is not certain that they are. */
const textOf = (bytes: Buffer, start: number, end: number, isAscii: boolean): string | undefined => {
  if (isAscii) return bytes.toString('latin1', start, end);
  const text = bytes.toString('utf8', start, end);
  return text.includes('\uFFFD') ? undefined : text;
};
