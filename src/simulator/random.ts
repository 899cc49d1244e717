/** Seeded chance: the same seed gives the same numbers on every machine. Not for secrets. */
export class Random {
  #state: number;
  #spare: number | null = null;

  /** Several numbers make one seed: a device's chance hangs on the seed and its own number, not on how many others there are. */
  constructor(...seed: readonly number[]) {
    let mixed = 0x9e3779b9;
    for (const part of seed) mixed = Math.imul(mixed ^ (part >>> 0), 0x85ebca6b) ^ (mixed >>> 13);
    this.#state = mixed >>> 0;
  }

  /** [0, 1), by mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  between(from: number, to: number): number {
    return from + (to - from) * this.next();
  }

  /** Whole numbers, both ends included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** Of mean 0 and deviation 1, by Box and Muller. */
  normal(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    const angle = 2 * Math.PI * this.next();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits)
      text += Math.floor(this.next() * 4_294_967_296)
        .toString(16)
        .padStart(8, '0');
    return text.slice(0, digits);
  }
}
