import { bounded, type Detector, leastSpread, notWarm, scoreOf, type Tuned } from './detector.js';
import { numberSettings, warmUpOf } from './settings.js';

const settings = numberSettings('ewma', {
  alpha: { standard: 0.02, min: 1e-6, max: 1, about: 'weight of the newest reading; 0.02 remembers about 50' },
  limit: { standard: 4, min: 0.1, max: 1_000, about: 'deviations from the mean at which the score is 0.5' },
  warmUp: warmUpOf(50),
});

interface Ewma {
  count: number;
  mean: number;
  variance: number;
}

/**
 * EWMA z-score: how many deviations a reading lies from an exponentially weighted mean.
 *
 * z = |x − mean| / deviation, by mean and deviation before x; then mean += α (x − mean) and
 * variance = (1 − α) (variance + α (x − mean)²).
 *
 * - Source: S. W. Roberts, "Control Chart Tests Based on Geometric Moving Averages", Technometrics 1 (1959); the update of the variance:
 *   T. Finch, "Incremental calculation of weighted mean and variance" (2009).
 * - Memory: 3 numbers. Warm-up: `warmUp` readings.
 * - Stability: differences only, never a difference of sums of squares; variance is never negative.
 * - Blind to: what changes slowly, for the mean follows; spikes widen the band for a while.
 */
export const ewma: Detector<typeof settings.standard, Ewma> = {
  name: 'ewma',
  about: {
    finds: 'spikes and sudden shifts of the level',
    source: 'Roberts 1959, Finch 2009',
    memory: '3 numbers',
    warmUp: '50 readings (warmUp)',
  },
  settings,
  tuned: ({ alpha, limit, warmUp }): Tuned<Ewma> => ({
    create: () => ({ count: 0, mean: NaN, variance: NaN }),
    step(state, given, _atMs, verdict) {
      const value = bounded(given);
      if (state.count === 0) {
        state.mean = value;
        state.variance = 0;
      }
      const difference = value - state.mean;
      notWarm(verdict);
      if (state.count >= warmUp) {
        const reach = limit * Math.max(Math.sqrt(state.variance), leastSpread(state.mean));
        verdict.score = scoreOf(Math.abs(difference) / reach);
        verdict.low = state.mean - reach;
        verdict.high = state.mean + reach;
        verdict.isWarm = true;
      }
      // While few are known, each counts alike: else the first reading would weigh as much as all of a long memory.
      state.count = Math.min(state.count + 1, Math.max(warmUp, 1 / alpha));
      const weight = Math.max(alpha, 1 / state.count);
      state.mean += weight * difference;
      state.variance = (1 - weight) * (state.variance + weight * difference * difference);
    },
  }),
};
