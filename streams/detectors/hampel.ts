import { bounded, type Detector, leastSpread, notWarm, scoreOf, type Tuned } from './detector.js';
import { numberSettings } from './settings.js';
import { row } from './stored-state.js';

const settings = numberSettings('hampel', {
  window: {
    standard: 51,
    min: 5,
    max: 1_001,
    isWhole: true,
    about: 'earlier readings that a reading is compared with',
  },
  limit: { standard: 5, min: 0.1, max: 1_000, about: 'scaled MADs from the median at which the score is 0.5' },
});

interface Hampel {
  count: number;
  next: number;
  ring: number[];
  sorted: number[];
}

/** Of a normal distribution, the deviation is so many times the median absolute deviation. */
const normalScale = 1.4826;

/**
 * Hampel identifier: how far a reading lies from the median of the `window` before it, in scaled median absolute deviations.
 *
 * score 0.5 where |x − median| = `limit` · 1.4826 · MAD. The median of an even number is the mean of the two in the middle. Where half of the window
 * is one value the MAD is 0, and the mean absolute deviation stands in, as in Iglewicz and Hoaglin's modified z-score.
 *
 * - Source: F. R. Hampel, "The Influence Curve and Its Role in Robust Estimation", JASA 69 (1974); R. K. Pearson, "Outliers in process modeling and
 *   identification", IEEE Trans. CST 10 (2002); B. Iglewicz, D. Hoaglin, "How to Detect and Handle Outliers" (1993).
 * - Memory: two numbers per reading of the window. Warm-up: one window.
 * - Stability: order statistics, no sums that run on; the window is kept sorted by moving, so nothing drifts.
 * - Blind to: a shift once it fills half of the window; a drift slower than the window.
 */
export const hampel: Detector<typeof settings.standard, Hampel> = {
  name: 'hampel',
  about: {
    finds: 'spikes, even several at once',
    source: 'Hampel 1974, Pearson 2002',
    memory: '2 numbers per reading of the window (51), and 2',
    warmUp: 'one window',
  },
  settings,
  tuned: ({ window, limit }): Tuned<Hampel> => ({
    create: () => ({ count: 0, next: 0, ring: row(window), sorted: row(window) }),
    step(state, given, _atMs, verdict) {
      const value = bounded(given);
      if (state.count < window) notWarm(verdict);
      else {
        const median = middleOf(state.sorted, window);
        const reach = limit * Math.max(spreadAround(state.sorted, median), leastSpread(median));
        verdict.score = scoreOf(Math.abs(value - median) / reach);
        verdict.low = median - reach;
        verdict.high = median + reach;
        verdict.isWarm = true;
      }
      replace(state, window, value);
    },
  }),
};

const middleOf = (sorted: readonly number[], count: number): number => {
  const upper = sorted[count >> 1] ?? NaN;
  return count % 2 === 1 ? upper : ((sorted[(count >> 1) - 1] ?? NaN) + upper) / 2;
};

/** 1.4826 · MAD: walks from the median outwards over both sides at once, nearest first. */
const spreadAround = (sorted: readonly number[], median: number): number => {
  const count = sorted.length;
  let above = count >> 1;
  let below = above - 1;
  let last = 0;
  let lastButOne = 0;
  for (let taken = 0; taken <= count >> 1; taken += 1) {
    const up = above < count ? Math.abs((sorted[above] ?? NaN) - median) : Infinity;
    const down = below >= 0 ? Math.abs(median - (sorted[below] ?? NaN)) : Infinity;
    lastButOne = last;
    if (up <= down) {
      last = up;
      above += 1;
    } else {
      last = down;
      below -= 1;
    }
  }
  const mad = count % 2 === 1 ? last : (last + lastButOne) / 2;
  return mad > 0 ? normalScale * mad : meanDeviation(sorted, median);
};

/** 1.2533 · mean absolute deviation: the deviation of a normal distribution, as well. */
const meanDeviation = (sorted: readonly number[], median: number): number => {
  let sum = 0;
  for (const each of sorted) sum += Math.abs(each - median) / sorted.length;
  return 1.2533 * sum;
};

/** Puts a value in the place of the oldest one, and moves what lies between their ranks. */
const replace = (state: Hampel, window: number, value: number): void => {
  const { ring, sorted } = state;
  const oldest = ring[state.next] ?? NaN;
  ring[state.next] = value;
  state.next = state.next + 1 === window ? 0 : state.next + 1;
  let at = state.count;
  if (state.count < window) state.count += 1;
  else at = rankOf(sorted, oldest);
  while (at > 0 && (sorted[at - 1] ?? NaN) > value) {
    sorted[at] = sorted[at - 1] ?? NaN;
    at -= 1;
  }
  while (at + 1 < state.count && (sorted[at + 1] ?? NaN) < value) {
    sorted[at] = sorted[at + 1] ?? NaN;
    at += 1;
  }
  sorted[at] = value;
};

const rankOf = (sorted: readonly number[], value: number): number => {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? NaN) < value) low = middle + 1;
    else high = middle;
  }
  return low;
};
