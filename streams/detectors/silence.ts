import { type Detector, notWarm, scoreOf, type Tuned, type Verdict } from './detector.js';
import { numberSettings, warmUpOf } from './settings.js';

const settings = numberSettings('silence', {
  factor: {
    standard: 5,
    min: 1,
    max: 10_000,
    about: 'times its own interval that a device may be late; there the score is 0.5',
  },
  alpha: { standard: 0.05, min: 1e-6, max: 1, about: 'weight of the newest interval in the usual one' },
  warmUp: warmUpOf(10, 'intervals before the first is judged'),
  everyMs: { standard: 0, min: 0, max: 1e12, about: 'interval that the device should keep, ms; 0: its own is learned' },
});

interface Silence {
  count: number;
  atMs: number;
  /** The usual interval, ms. */
  intervalMs: number;
}

/**
 * Silence: a device is late by so many times its own interval.
 *
 * The score is 0.5 where the time since the reading before is `factor` times the usual interval, an exponentially weighted mean of intervals. An interval counts for
 * at most `factor` times the usual one there, so that one outage does not teach that outages are usual. `step` judges the gap that a reading ends;
 * `overdue` judges one that is still open, by log time, so that it is never our own delay that is judged. The band is of time: when the reading was
 * expected, epoch ms.
 *
 * - Source: heartbeat failure detection; the interval learned as in N. Hayashibara et al., "The φ Accrual Failure Detector", SRDS 2004, without its distribution.
 * - Memory: 3 numbers. Warm-up: `warmUp` intervals.
 * - Stability: an average of positive numbers. Readings at the same time, or back in time, have no interval: not judged, nothing learned.
 * - Blind to: devices that send when they please.
 */
export const silence: Detector<typeof settings.standard, Silence> = {
  name: 'silence',
  about: {
    finds: 'a device that does not report, and gaps',
    source: 'Hayashibara 2004, simplified',
    memory: '3 numbers',
    warmUp: '10 intervals (warmUp)',
    value: 'not looked at; the time is',
  },
  settings,
  band: 'time',
  tuned: ({ factor, alpha, warmUp, everyMs }): Tuned<Silence> => {
    const judge = (state: Silence, atMs: number, verdict: Verdict): void => {
      notWarm(verdict);
      if (state.count < warmUp) return;
      const reachMs = factor * state.intervalMs;
      verdict.score = scoreOf(Math.max(0, atMs - state.atMs) / reachMs);
      verdict.low = state.atMs;
      verdict.high = state.atMs + reachMs;
      verdict.isWarm = true;
    };
    return {
      create: () => ({ count: -1, atMs: NaN, intervalMs: NaN }),
      step(state, _value, atMs, verdict) {
        judge(state, atMs, verdict);
        if (everyMs > 0) {
          state.count = warmUp;
          state.intervalMs = everyMs;
          if (!(atMs <= state.atMs)) state.atMs = atMs;
          return;
        }
        const intervalMs = atMs - state.atMs;
        if (state.count < 0) state.count = 0;
        else if (!(intervalMs > 0)) return;
        else {
          state.count = Math.min(state.count + 1, Math.max(warmUp, 1 / alpha));
          if (Number.isNaN(state.intervalMs)) state.intervalMs = intervalMs;
          const counted = Math.min(intervalMs, factor * state.intervalMs);
          state.intervalMs += Math.max(alpha, 1 / state.count) * (counted - state.intervalMs);
        }
        state.atMs = atMs;
      },
      overdue: judge,
    };
  },
};
