import { bounded, type Detector, leastSpread, notWarm, scoreOf, type Tuned } from './detector.js';
import { numberSettings, warmUpOf } from './settings.js';

const settings = numberSettings('cusum', {
  slack: {
    standard: 0.5,
    min: 0,
    max: 100,
    about: 'deviations of the mean that are not counted; half the shift to be found',
  },
  limit: {
    standard: 12,
    min: 0.1,
    max: 10_000,
    about: 'summed deviations at which the score is 0.5 and the level is learned anew',
  },
  warmUp: warmUpOf(100, 'readings that level and deviation are learned from, at first and after a finding'),
});

interface Cusum {
  count: number;
  mean: number;
  /** Σ (x − mean)² over the readings learned from. */
  squares: number;
  above: number;
  below: number;
}

/**
 * CUSUM: sums how far readings lie on one side of their level; small shifts that last add up.
 *
 * With z = (x − mean) / deviation of the readings learned from: above = max(0, above + z − slack), below = max(0, below − z − slack). The score is 0.5 where
 * the greater one reaches `limit`; beyond, both begin again at 0 and the level is learned anew. The band is what the next reading may be without reaching it.
 *
 * - Source: E. S. Page, "Continuous Inspection Schemes", Biometrika 41 (1954); tabular form: D. C. Montgomery, "Introduction to Statistical Quality Control".
 *   Mean and squares: B. P. Welford, Technometrics 4 (1962).
 * - Memory: 5 numbers. Warm-up: `warmUp` readings, again after each finding.
 * - Stability: sums are cut at 0 and end at the limit, so nothing grows; Welford's update never subtracts squares.
 * - Blind to: single spikes below the limit; it takes a daily rhythm for a shift.
 */
export const cusum: Detector<typeof settings.standard, Cusum> = {
  name: 'cusum',
  about: {
    finds: 'small shifts of the level that last, slow ramps',
    source: 'Page 1954, Montgomery',
    memory: '5 numbers',
    warmUp: '100 readings (warmUp), again after each finding',
  },
  settings,
  tuned: ({ slack, limit, warmUp }): Tuned<Cusum> => ({
    create: () => ({ count: 0, mean: NaN, squares: NaN, above: 0, below: 0 }),
    step(state, given, _atMs, verdict) {
      const value = bounded(given);
      if (state.count < warmUp) {
        learn(state, value);
        notWarm(verdict);
        return;
      }
      const deviation = Math.max(Math.sqrt(state.squares / (state.count - 1)), leastSpread(state.mean));
      const z = (value - state.mean) / deviation;
      verdict.low = state.mean - (limit + slack - state.below) * deviation;
      verdict.high = state.mean + (limit + slack - state.above) * deviation;
      state.above = Math.max(0, state.above + z - slack);
      state.below = Math.max(0, state.below - z - slack);
      const sum = Math.max(state.above, state.below);
      verdict.score = scoreOf(sum / limit);
      verdict.isWarm = true;
      if (sum < limit) return;
      state.count = 0;
      state.above = 0;
      state.below = 0;
    },
  }),
};

const learn = (state: Cusum, value: number): void => {
  if (state.count === 0) {
    state.mean = value;
    state.squares = 0;
  }
  state.count += 1;
  const difference = value - state.mean;
  state.mean += difference / state.count;
  state.squares += difference * (value - state.mean);
};
