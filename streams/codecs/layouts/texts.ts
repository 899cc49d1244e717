/** Most texts remembered of one place, and the longest of them, bytes. */
const mostTexts = 8_192;
const longest = 128;

/**
 * The texts that occur at one place of a layout, by their bytes: the same bytes give the same string, without making it anew. A place
 * whose texts seldom come again (a time, say) is soon recognised, and nothing of it is remembered any more.
 * Memory: at most 8,192 texts of up to 128 bytes.
 */
export class Texts {
  #mask = 63;
  #hashes = new Int32Array(64);
  #bytes: (Uint8Array | undefined)[] = new Array<undefined>(64).fill(undefined);
  #texts: string[] = new Array<string>(64).fill('');
  #size = 0;
  #found = 0;
  #isWorthIt = true;

  /** The text of a range of bytes; undefined when they are not UTF-8, or when that is not certain. `hash` is of these bytes. */
  of(bytes: Buffer, start: number, end: number, hash: number, isAscii: boolean): string | undefined {
    if (!this.#isWorthIt || end - start > longest) return textOf(bytes, start, end, isAscii);
    let at = slotOf(hash) & this.#mask;
    for (let known = this.#bytes[at]; known !== undefined; known = this.#bytes[at]) {
      if (this.#hashes[at] === hash && isSame(known, bytes, start, end)) {
        this.#found += 1;
        return this.#texts[at];
      }
      at = (at + 1) & this.#mask;
    }
    const text = textOf(bytes, start, end, isAscii);
    if (text !== undefined) this.#add(at, hash, Uint8Array.prototype.slice.call(bytes, start, end), text);
    return text;
  }

  #add(at: number, hash: number, bytes: Uint8Array, text: string): void {
    if (this.#size >= mostTexts) {
      if (this.#found < mostTexts) this.#giveUp();
      return;
    }
    this.#hashes[at] = hash;
    this.#bytes[at] = bytes;
    this.#texts[at] = text;
    this.#size += 1;
    if (this.#size * 2 > this.#mask) this.#grow();
  }

  #grow(): void {
    const [hashes, bytes, texts] = [this.#hashes, this.#bytes, this.#texts];
    const room = (this.#mask + 1) * 4;
    this.#mask = room - 1;
    this.#hashes = new Int32Array(room);
    this.#bytes = new Array<undefined>(room).fill(undefined);
    this.#texts = new Array<string>(room).fill('');
    for (const [from, known] of bytes.entries()) {
      if (known === undefined) continue;
      const hash = hashes[from] ?? 0;
      let at = slotOf(hash) & this.#mask;
      while (this.#bytes[at] !== undefined) at = (at + 1) & this.#mask;
      this.#hashes[at] = hash;
      this.#bytes[at] = known;
      this.#texts[at] = texts[from] ?? '';
    }
  }

  #giveUp(): void {
    this.#isWorthIt = false;
    this.#bytes = [];
    this.#texts = [];
  }
}

const slotOf = (hash: number): number => hash ^ (hash >>> 15);

const isSame = (known: Uint8Array, bytes: Buffer, start: number, end: number): boolean => {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i += 1) if (known[i] !== bytes[start + i]) return false;
  return true;
};

/** Bytes that are not UTF-8 read as U+FFFD; where that stands, it is not certain that they are. */
const textOf = (bytes: Buffer, start: number, end: number, isAscii: boolean): string | undefined => {
  if (isAscii) return bytes.toString('latin1', start, end);
  const text = bytes.toString('utf8', start, end);
  return text.includes('\uFFFD') ? undefined : text;
};
