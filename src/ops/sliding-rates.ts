import type { Tally } from '../../streams/model/chunk.js';

/** Records a second, by what became of them, over the last `overMs` of whole seconds. */
export interface Rates {
  readonly overMs: number;
  readonly perSecond: Tally;
}

export interface SlidingRates {
  add(tally: Tally): void;
  rates(): Rates;
}

type Counts = { -readonly [K in keyof Tally]: Tally[K] };

const bucketMs = 1000;
const span = 5;

/** An empty tally to add to. */
export const noCounts = (): Counts => ({ read: 0, counted: 0, duplicate: 0, late: 0, dead: 0, skipped: 0 });

export const addTally = (into: Counts, tally: Tally): void => {
  into.read += tally.read;
  into.counted += tally.counted;
  into.duplicate += tally.duplicate;
  into.late += tally.late;
  into.dead += tally.dead;
  into.skipped += tally.skipped;
};

/**
 * Counts in buckets of one second and averages the last five whole ones; the second under way is left out, so that a rate
 * does not sag at its beginning. Memory: six buckets.
 *
 * `nowMs` is a monotonic clock.
 */
export const slidingRates = (nowMs: () => number): SlidingRates => {
  const startedMs = nowMs();
  const buckets: { second: number; counts: Counts }[] = [];
  const secondNow = (): number => Math.floor((nowMs() - startedMs) / bucketMs);

  return {
    add(tally) {
      const second = secondNow();
      let newest = buckets.at(-1);
      if (newest?.second !== second) {
        newest = { second, counts: noCounts() };
        buckets.push(newest);
        if (buckets.length > span + 1) buckets.shift();
      }
      addTally(newest.counts, tally);
    },
    rates() {
      const second = secondNow();
      const seconds = Math.min(span, second);
      const sum = noCounts();
      for (const bucket of buckets) {
        if (bucket.second >= second - seconds && bucket.second < second) addTally(sum, bucket.counts);
      }
      return { overMs: seconds * bucketMs, perSecond: dividedBy(sum, Math.max(1, seconds)) };
    },
  };
};

const dividedBy = (counts: Tally, seconds: number): Tally => ({
  read: counts.read / seconds,
  counted: counts.counted / seconds,
  duplicate: counts.duplicate / seconds,
  late: counts.late / seconds,
  dead: counts.dead / seconds,
  skipped: counts.skipped / seconds,
});
