import { bounded, type Detector, leastSpread, notWarm, scoreOf } from '../../../../streams/detectors/detector.js';
import { numberSettings, warmUpOf } from '../../../../streams/detectors/settings.js';

const settings = numberSettings('never-seen', {
  margin: { standard: 0.2, min: 0.001, max: 100, about: 'of the range seen, how far beyond it the score is 0.5' },
  warmUp: warmUpOf(100),
});

interface NeverSeen {
  count: number;
  low: number;
  high: number;
}

/**
 * Never seen: how far a value lies beyond all that came before it, against the range of those.
 *
 * - Source: the gross range test of U.S. IOOS QARTOD, with the range learned.
 * - Memory: 3 numbers. Warm-up: `warmUp` readings.
 * - Stability: comparisons, and one difference of bounded values.
 * - Blind to: whatever stays within the range.
 */
export const neverSeen: Detector<typeof settings.standard, NeverSeen> = {
  name: 'never-seen',
  about: {
    finds: 'values beyond all that were seen',
    source: 'IOOS QARTOD, test 4',
    memory: '3 numbers',
    warmUp: '100 readings (warmUp)',
  },
  settings,
  tuned: ({ margin, warmUp }) => ({
    create: () => ({ count: 0, low: NaN, high: NaN }),
    step(state, given, _atMs, verdict) {
      const value = bounded(given);
      notWarm(verdict);
      if (state.count >= warmUp) {
        const reach = margin * Math.max(state.high - state.low, leastSpread(state.high));
        verdict.score = scoreOf(Math.max(0, value - state.high, state.low - value) / reach);
        verdict.low = state.low - reach;
        verdict.high = state.high + reach;
        verdict.isWarm = true;
      }
      state.low = state.count === 0 ? value : Math.min(state.low, value);
      state.high = state.count === 0 ? value : Math.max(state.high, value);
      state.count = Math.min(state.count + 1, warmUp);
    },
  }),
};
