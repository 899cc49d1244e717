import { bounded, type Detector, notWarm, scoreOf, type Tuned } from './detector.js';
import { numberSettings } from './settings.js';
import { row } from './stored-state.js';

const settings = numberSettings('clock-skew', {
  limitMs: { standard: 30_000, min: 1, max: 1e12, about: 'skew at which the score is 0.5, ms' },
  window: { standard: 10, min: 1, max: 1_000, isWhole: true, about: 'readings of which the quickest tells the skew' },
});

interface ClockSkew {
  count: number;
  next: number;
  lags: number[];
}

/**
 * Clock skew: a device whose clock is ahead of ours, or behind.
 *
 * `value` is the lag of a reading: its record's time in the log less its event time, ms. Way and queues only ever add to a lag, so the least of the last `window`
 * lags is nearest to what the clock alone makes of it. A clock ahead shows at the first reading, one behind when a whole window is late. The band is of
 * lags: ± `limitMs`. Both times are of the record, so our own delay in reading it is not in them.
 *
 * - Source: the minimum filter of D. L. Mills, "Internet Time Synchronization: The Network Time Protocol", IEEE Trans. Comm. 39 (1991).
 * - Memory: `window` + 2 numbers. Warm-up: one reading for a clock ahead, `window` for one behind.
 * - Stability: comparisons only.
 * - Blind to: the difference between a slow clock and a device that buffers everything it sends for longer than `limitMs`.
 */
export const clockSkew: Detector<typeof settings.standard, ClockSkew> = {
  name: 'clock-skew',
  about: {
    finds: 'a device clock that is ahead or behind',
    source: 'Mills 1991 (NTP minimum filter)',
    memory: '1 number per reading of the window (10), and 2',
    warmUp: 'one window for a clock behind, none for one ahead',
    value: 'the lag of a reading: time of its record in the log less event time, ms',
  },
  settings,
  input: 'lag',
  band: 'lag',
  tuned: ({ limitMs, window }): Tuned<ClockSkew> => ({
    create: () => ({ count: 0, next: 0, lags: row(window) }),
    step(state, given, _atMs, verdict) {
      state.lags[state.next] = bounded(given);
      state.next = state.next + 1 === window ? 0 : state.next + 1;
      if (state.count < window) state.count += 1;
      let least = Infinity;
      for (let i = 0; i < state.count; i += 1) least = Math.min(least, state.lags[i] ?? NaN);
      notWarm(verdict);
      if (state.count < window && least >= 0) return;
      verdict.score = scoreOf(Math.abs(least) / limitMs);
      verdict.low = -limitMs;
      verdict.high = limitMs;
      verdict.isWarm = true;
    },
  }),
};
