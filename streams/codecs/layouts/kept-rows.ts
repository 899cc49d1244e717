const smallest = 64;
/** Most rows, and most numbers in all of them: 8 MB. */
const mostRows = 32_768;
const mostNumbers = 1 << 20;
/** After so many rows for which there was no room, those kept are of the past. */
const mostStrangers = 16 * mostRows;

/** More of one hash take the place of one another: no record is compared with many. */
const mostOfOneHash = 4;

/** Four numbers each: hash, number of the row, counted from one, where it begins, and its length. */
const perSlot = 4;

/**
 * Rows of numbers, and who owns each, by hash: one number of several rows may be another's. All rows lie in one array, and the hashes in another,
 * so that what is looked up is found with few reads, whose places don't depend on each other: of thousands of devices whatever was read a second ago has left the
 * cache. Memory: at most 32,768 rows, 8 MB.
 */
export class KeptRows<Owner> {
  numbers = new Float64Array(smallest * 16);
  #slots = new Int32Array(smallest * perSlot);
  #mask = smallest - 1;
  #owners: Owner[] = [];
  #end = 0;
  #strangers = 0;

  /** The slot of the first row of a hash; −1 when there is none. */
  first(hash: number): number {
    return this.#from(hash & this.#mask, hash);
  }

  /** That of the next one. */
  next(slot: number, hash: number): number {
    return this.#from((slot / perSlot + 1) & this.#mask, hash);
  }

  owner(slot: number): Owner | undefined {
    return this.#owners[(this.#slots[slot + 1] ?? 0) - 1];
  }

  /** Where the row begins in `numbers`. */
  row(slot: number): number {
    return this.#slots[slot + 2] ?? 0;
  }

  /** Puts a row before another of the same hash: the one that was of use last is the one that will be. */
  swap(slot: number, other: number): void {
    const slots = this.#slots;
    for (const at of [1, 2, 3]) {
      const moved = slots[slot + at] ?? 0;
      slots[slot + at] = slots[other + at] ?? 0;
      slots[other + at] = moved;
    }
  }

  /** Unless there is no room. */
  add(hash: number, row: readonly number[], owner: Owner): void {
    const taken = this.#full(hash);
    if (taken >= 0 && row.length <= (this.#slots[taken + 3] ?? 0)) {
      this.numbers.set(row, this.row(taken));
      this.#owners[(this.#slots[taken + 1] ?? 0) - 1] = owner;
      return;
    }
    const begin = this.#end;
    if (this.#owners.length >= mostRows || begin + row.length > mostNumbers) {
      this.#strangers += 1;
      if (this.#strangers > mostStrangers) this.#forget();
      return;
    }
    if (begin + row.length > this.numbers.length) this.numbers = grown(this.numbers, begin + row.length);
    this.numbers.set(row, begin);
    this.#end = begin + row.length;
    this.#owners.push(owner);
    const at = taken < 0 ? this.#place(hash) : taken;
    this.#slots.set([hash, this.#owners.length, begin, row.length], at);
    if (this.#owners.length * 2 > this.#mask) this.#spread();
  }

  #from(place: number, hash: number): number {
    const slots = this.#slots;
    for (let at = place; ; at = (at + 1) & this.#mask) {
      const slot = at * perSlot;
      if (slots[slot + 1] === 0) return -1;
      if (slots[slot] === hash) return slot;
    }
  }

  /** The last slot of a hash that has as many as it may; else −1. */
  #full(hash: number): number {
    let count = 0;
    let last = -1;
    for (let slot = this.first(hash); slot >= 0; slot = this.next(slot, hash)) {
      count += 1;
      last = slot;
    }
    return count < mostOfOneHash ? -1 : last;
  }

  /** A slot that is free. */
  #place(hash: number): number {
    let at = hash & this.#mask;
    while (this.#slots[at * perSlot + 1] !== 0) at = (at + 1) & this.#mask;
    return at * perSlot;
  }

  #spread(): void {
    const before = this.#slots;
    this.#slots = new Int32Array(before.length * 4);
    this.#mask = this.#slots.length / perSlot - 1;
    for (let slot = 0; slot < before.length; slot += perSlot) {
      const filled = before.subarray(slot, slot + perSlot);
      if (filled[1] !== 0) this.#slots.set(filled, this.#place(filled[0] ?? 0));
    }
  }

  #forget(): void {
    this.numbers = new Float64Array(smallest * 16);
    this.#slots = new Int32Array(smallest * perSlot);
    this.#mask = smallest - 1;
    this.#owners = [];
    this.#end = 0;
    this.#strangers = 0;
  }
}

const grown = (numbers: Float64Array<ArrayBuffer>, needed: number): Float64Array<ArrayBuffer> => {
  const more = new Float64Array(Math.min(Math.max(numbers.length * 2, needed), mostNumbers));
  more.set(numbers);
  return more;
};
