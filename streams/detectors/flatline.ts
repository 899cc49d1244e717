import { bounded, type Detector, notWarm, scoreOf, type Tuned } from './detector.js';
import { numberSettings, warmUpOf } from './settings.js';

const settings = numberSettings('flatline', {
  tolerance: {
    standard: 0,
    min: 0,
    max: 1e100,
    about: 'readings no farther than this from the first of a run are the same',
  },
  least: { standard: 10, min: 2, max: 1_000_000, isWhole: true, about: 'the shortest run that can be a finding' },
  factor: { standard: 3, min: 1, max: 1_000, about: 'times the longest run seen before at which the score is 0.5' },
  warmUp: warmUpOf(20, 'changes of value before the first run is judged'),
});

interface Flatline {
  /** The value that a run began with. */
  value: number;
  run: number;
  changes: number;
  /** Of the runs that ended; fades by 1 % at each change. */
  longest: number;
}

/**
 * Flatline: a sensor that is stuck repeats one value for far longer than this one ever did.
 *
 * The run is how many readings in a row are the same. The score is 0.5 where it is `factor` times the longest run that ended before, and `least` at least. A
 * series that repeats itself by nature, such as a counter at rest, has long runs and is given longer ones.
 *
 * - Source: the flat line test of environmental monitoring: U.S. IOOS, "Manual for Real-Time Quality Control of In-situ Temperature and Salinity Data", test 8,
 *   with the limit learned.
 * - Memory: 4 numbers. Warm-up: `warmUp` changes of value.
 * - Stability: counts and comparisons.
 * - Blind to: a sensor stuck from its first reading; one that is stuck and noisy, unless `tolerance` covers the noise.
 */
export const flatline: Detector<typeof settings.standard, Flatline> = {
  name: 'flatline',
  about: {
    finds: 'a stuck sensor',
    source: 'IOOS QARTOD, test 8',
    memory: '4 numbers',
    warmUp: '20 changes of value (warmUp)',
  },
  settings,
  tuned: ({ tolerance, least, factor, warmUp }): Tuned<Flatline> => ({
    create: () => ({ value: NaN, run: 0, changes: 0, longest: 1 }),
    step(state, given, _atMs, verdict) {
      const value = bounded(given);
      if (Math.abs(value - state.value) <= tolerance) state.run += 1;
      else {
        if (state.run > 0) {
          state.longest = Math.max(state.longest * 0.99, state.run);
          state.changes = Math.min(state.changes + 1, warmUp);
        }
        state.value = value;
        state.run = 1;
      }
      notWarm(verdict);
      if (state.changes < warmUp) return;
      verdict.isWarm = true;
      // The first of a run is a change: nothing is stuck.
      verdict.score = state.run === 1 ? 0 : scoreOf(state.run / Math.max(least, factor * state.longest));
    },
  }),
};
