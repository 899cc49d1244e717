import { bounded, type Detector, leastSpread, notWarm, scoreOf, type Tuned } from './detector.js';
import { numberSettings, warmUpOf } from './settings.js';

const settings = numberSettings('rate-of-change', {
  maxPerSecond: {
    standard: 0,
    min: 0,
    max: 1e100,
    about: 'rate at which the score is 0.5; 0: `limit` times the usual rate',
  },
  limit: { standard: 6, min: 0.1, max: 1_000, about: 'so many times the usual rate' },
  alpha: { standard: 0.02, min: 1e-6, max: 1, about: 'weight of the newest rate in the usual one' },
  warmUp: warmUpOf(50, 'rates before the first is judged; 1 when maxPerSecond is set'),
});

interface RateOfChange {
  count: number;
  value: number;
  atMs: number;
  /** Exponentially weighted mean of squared rates, per second. */
  square: number;
}

/**
 * Rate of change: how fast a value moved since the reading before, against a fixed rate or `limit` times the usual one (root mean square).
 *
 * A reading of the same time as the one before, or an earlier one, has no rate: it is not judged and nothing is learned from it.
 *
 * - Source: the rate-of-change test of environmental monitoring: U.S. IOOS, "Manual for Real-Time Quality Control of In-situ Temperature and Salinity Data",
 *   test 7; the usual rate by Roberts 1959, see `ewma.ts`.
 * - Memory: 4 numbers. Warm-up: `warmUp` rates, one with `maxPerSecond`.
 * - Stability: one difference; squares are averaged, never summed up.
 * - Blind to: whatever is slow, and the level itself.
 */
export const rateOfChange: Detector<typeof settings.standard, RateOfChange> = {
  name: 'rate-of-change',
  about: {
    finds: 'jumps',
    source: 'IOOS QARTOD, test 7',
    memory: '4 numbers',
    warmUp: '50 readings (warmUp)',
  },
  settings,
  tuned: ({ maxPerSecond, limit, alpha, warmUp }): Tuned<RateOfChange> => {
    const needed = maxPerSecond > 0 ? 0 : warmUp;
    return {
      create: () => ({ count: -1, value: NaN, atMs: NaN, square: 0 }),
      step(state, given, atMs, verdict) {
        const value = bounded(given);
        const seconds = (atMs - state.atMs) / 1000;
        notWarm(verdict);
        if (state.count < 0) state.count = 0;
        else if (!(seconds > 0)) return;
        else {
          const difference = value - state.value;
          const rate = bounded(difference / seconds);
          const usual = limit * Math.max(Math.sqrt(state.square), leastSpread(state.value));
          const most = maxPerSecond > 0 ? maxPerSecond : usual;
          if (state.count >= needed) {
            verdict.score = scoreOf(Math.abs(rate) / most);
            verdict.low = state.value - most * seconds;
            verdict.high = state.value + most * seconds;
            verdict.isWarm = true;
          }
          state.count = Math.min(state.count + 1, warmUp);
          state.square += Math.max(alpha, 1 / state.count) * (rate * rate - state.square);
        }
        state.value = value;
        state.atMs = atMs;
      },
    };
  },
};
