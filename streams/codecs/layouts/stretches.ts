import type { Place } from './layout.js';
import type { Scalars } from './scalars.js';

/** From the beginning of one scalar to the end of another, or of the same. */
interface Stretch {
  readonly first: number;
  readonly last: number;
}

/**
 * The parts of a layout's records that seldom change: some of the scalars, and what stands between those that are neighbours. They are
 * kept of one record and compared with another's as they are, without looking at what they say.
 */
export class Stretches {
  /** The scalars in them. */
  readonly slots: readonly number[];
  readonly #stretches: readonly Stretch[];

  constructor(places: readonly Place[], steady: ReadonlySet<number>) {
    const stretches: Stretch[] = [];
    let isOpen = false;
    for (const { slot } of places) {
      const isSteady = steady.has(slot);
      if (isSteady) stretches.push({ first: (isOpen ? stretches.pop()?.first : undefined) ?? slot, last: slot });
      isOpen = isSteady;
    }
    this.#stretches = stretches;
    this.slots = [...steady];
  }

  /** Those of the record that was read last: of each its length and its bytes, eight as a double, the last eight perhaps once more. */
  copy({ view, starts, ends }: Scalars<unknown>): number[] {
    const known: number[] = [];
    for (const { first, last } of this.#stretches) {
      const start = starts[first] ?? 0;
      const end = ends[last] ?? 0;
      known.push(end - start);
      if (end - start < 8) for (let at = start; at < end; at += 1) known.push(view.getUint8(at));
      else {
        for (let at = start; at < end - 8; at += 8) known.push(view.getFloat64(at, true));
        known.push(view.getFloat64(end - 8, true));
      }
    }
    return known;
  }

  /** Whether those of the record that was read last are the ones that `copy` gave of another. */
  areSame({ view, starts, ends }: Scalars<unknown>, known: readonly number[]): boolean {
    let k = 0;
    for (let i = 0; i < this.#stretches.length; i += 1) {
      const stretch = this.#stretches[i];
      const start = starts[stretch?.first ?? 0] ?? 0;
      const end = ends[stretch?.last ?? 0] ?? 0;
      if (known[k++] !== end - start) return false;
      if (end - start < 8) {
        for (let at = start; at < end; at += 1) if (view.getUint8(at) !== known[k++]) return false;
      } else {
        for (let at = start; at < end - 8; at += 8) if (view.getFloat64(at, true) !== known[k++]) return false;
        if (view.getFloat64(end - 8, true) !== known[k++]) return false;
      }
    }
    return true;
  }
}
