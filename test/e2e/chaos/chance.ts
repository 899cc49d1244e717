/** Seeded chance: the same seed gives the same choices. */
export class Chance {
  #state: number;

  constructor(readonly seed: number) {
    this.#state = seed >>> 0;
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

  pick<A>(choices: readonly [A, ...A[]]): A {
    return choices[Math.floor(this.next() * choices.length)] ?? choices[0];
  }
}

/** Of `WEIR_E2E_SEED`, else another one every day is not enough: of the clock. Always printed, so that a run can be had again. */
export const seedOf = (given: string | undefined): number => {
  const seed = Number(given ?? Date.now() % 1_000_000_007);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`the seed must be a whole number, not ${String(given)}`);
  return seed;
};
