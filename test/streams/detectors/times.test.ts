import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockSkew } from '../../../streams/detectors/clock-skew.js';
import { freshVerdict } from '../../../streams/detectors/detector.js';
import { flatline } from '../../../streams/detectors/flatline.js';
import { rateOfChange } from '../../../streams/detectors/rate-of-change.js';
import { silence } from '../../../streams/detectors/silence.js';
import { everyMinute, values, verdictsOf } from './stepping.js';

const times = fc
  .array(fc.integer({ min: 0, max: 600_000 }), { minLength: 12, maxLength: 60 })
  .map((steps) => steps.reduce<number[]>((all, step) => [...all, (all.at(-1) ?? 0) + step], []));

describe('rate-of-change', () => {
  const maxPerSecond = 2;
  const tuned = rateOfChange.tuned({ ...rateOfChange.settings.standard, maxPerSecond });

  it('is the difference per second to the reading before, against the rate that was set', () => {
    fc.assert(
      fc.property(times, values(60, 60), (at, series) => {
        const readings = at.map((atMs, i) => ({ value: series[i] ?? 0, atMs }));
        verdictsOf(tuned, readings).forEach(({ score, isWarm }, i) => {
          const last = readings.slice(0, i).findLast(({ atMs }) => atMs < (readings[i]?.atMs ?? 0));
          const here = readings[i];
          const before = readings.slice(0, i).find(({ atMs }) => atMs === last?.atMs);
          if (here === undefined || before === undefined || !isWarm) return;
          const rate = Math.abs(here.value - before.value) / ((here.atMs - before.atMs) / 1000) / maxPerSecond;
          expect(score).toBeCloseTo(rate / (1 + rate), 9);
        });
      }),
    );
  });

  it('learns the usual rate as a root mean square', () => {
    const steps = Array.from({ length: 30 }, (_, i) => (i % 3) * 60);
    const series = steps.reduce<number[]>((all, step) => [...all, (all.at(-1) ?? 0) + step], [0]);
    const usual = Math.sqrt(steps.reduce((sum, step) => sum + (step / 60) ** 2, 0) / steps.length);
    const learned = rateOfChange.tuned({ maxPerSecond: 0, limit: 6, alpha: 1e-6, warmUp: 30 });
    const verdict = verdictsOf(learned, everyMinute([...series, 0])).at(-1);
    expect(verdict?.high).toBeCloseTo((series.at(-1) ?? NaN) + 6 * usual * 60, 6);
  });
});

describe('flatline', () => {
  const settings = { tolerance: 0.5, least: 4, factor: 2, warmUp: 3 };

  it('is the length of the run against the longest before, counted anew', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 80 }), (series) => {
        verdictsOf(flatline.tuned(settings), everyMinute(series)).forEach(({ score, isWarm }, i) => {
          const runs: number[] = [];
          series
            .slice(0, i + 1)
            .forEach((value, j) =>
              (j > 0 && value === series[j - 1] ? (runs[runs.length - 1] ?? 0) : 0) === 0
                ? runs.push(1)
                : (runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1),
            );
          const run = runs.pop() ?? NaN;
          expect(isWarm).toBe(runs.length >= settings.warmUp);
          if (!isWarm) return;
          const longest = runs.reduce((kept, each) => Math.max(kept * 0.99, each), 1);
          const ratio = run === 1 ? 0 : run / Math.max(settings.least, settings.factor * longest);
          expect(score).toBeCloseTo(ratio / (1 + ratio), 9);
        });
      }),
    );
  });

  it('finds a sensor that is stuck, and not one that has always rested for as long', () => {
    const moving = Array.from({ length: 100 }, (_, i) => i % 7);
    const resting = Array.from({ length: 100 }, (_, i) => Math.floor(i / 20) * 3 + (i > 98 ? 1 : 0));
    const standard = flatline.tuned(flatline.settings.standard);
    const most = (series: number[]): number =>
      Math.max(...verdictsOf(standard, everyMinute(series)).map((v) => v.score));
    expect(most([...moving, ...Array.from({ length: 20 }, () => 3)])).toBeGreaterThan(0.5);
    expect(most([...resting, ...resting, ...resting, ...resting, ...resting])).toBeLessThan(0.5);
  });
});

describe('silence', () => {
  const settings = { factor: 5, alpha: 0.05, warmUp: 4, everyMs: 0 };
  const tuned = silence.tuned(settings);

  it('is the gap against the usual interval, averaged anew from all of them', () => {
    fc.assert(
      fc.property(times, (at) => {
        const gaps = at.slice(1).map((atMs, i) => atMs - (at[i] ?? 0));
        verdictsOf(
          tuned,
          at.map((atMs) => ({ value: 0, atMs })),
        ).forEach(({ score, isWarm }, i) => {
          const known = gaps.slice(0, Math.max(0, i - 1)).filter((gap) => gap > 0);
          expect(isWarm).toBe(known.length >= settings.warmUp);
          if (!isWarm) return;
          const usual = known.reduce(
            (mean, gap, j) =>
              mean + Math.max(settings.alpha, 1 / (j + 1)) * (Math.min(gap, settings.factor * mean) - mean),
            known[0] ?? NaN,
          );
          const ratio = (gaps[i - 1] ?? NaN) / (settings.factor * usual);
          expect(score).toBeCloseTo(ratio / (1 + ratio), 9);
        });
      }),
    );
  });

  it('judges a silence that lasts by log time, and learns nothing from being asked', () => {
    const state = tuned.create();
    verdictsOf(tuned, everyMinute(Array.from({ length: 10 }, () => 0)), state);
    const before = { ...state };
    const lastMs = 9 * 60_000;
    const asked = (logTimeMs: number): number => {
      const verdict = freshVerdict();
      tuned.overdue?.(state, logTimeMs, verdict);
      return verdict.score;
    };
    expect(asked(lastMs - 1)).toBe(0);
    expect(asked(lastMs)).toBe(0);
    expect(asked(lastMs + 5 * 60_000)).toBeCloseTo(0.5);
    expect(asked(lastMs + 50 * 60_000)).toBeGreaterThan(0.9);
    expect(state).toEqual(before);
  });

  it('goes by the interval that the device should keep when it is told one, from the first reading on', () => {
    const told = silence.tuned({ ...settings, everyMs: 10_000 });
    const state = told.create();
    const [first, second] = verdictsOf(told, [0, 30_000].map((atMs) => ({ value: 0, atMs })), state); // prettier-ignore
    expect([first?.isWarm, second?.isWarm]).toEqual([false, true]);
    expect(second?.score).toBeCloseTo(30_000 / 50_000 / (1 + 30_000 / 50_000));
    const verdict = freshVerdict();
    // A restart asks by the rule alone: what the device should keep is in the state.
    tuned.overdue?.(state, 80_000, verdict);
    expect(verdict.score).toBeCloseTo(0.5);
  });
});

describe('clock-skew', () => {
  it('is the least of the last lags, and of those that came so far while it is negative', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5_000, max: 100_000 }), { minLength: 1, maxLength: 40 }), (lags) => {
        const tuned = clockSkew.tuned({ limitMs: 1_000, window: 7 });
        verdictsOf(tuned, everyMinute(lags)).forEach(({ score, isWarm }, i) => {
          const least = Math.min(...lags.slice(Math.max(0, i - 6), i + 1));
          expect(isWarm).toBe(i >= 6 || least < 0);
          if (isWarm) expect(score).toBeCloseTo(Math.abs(least) / 1_000 / (1 + Math.abs(least) / 1_000), 9);
        });
      }),
    );
  });

  it('is not taken in by queues: one quick reading in a window shows that the clock is right', () => {
    const lags = Array.from({ length: 100 }, (_, i) => (i % 9 === 0 ? 200 : 600_000));
    const tuned = clockSkew.tuned(clockSkew.settings.standard);
    expect(Math.max(...verdictsOf(tuned, everyMinute(lags)).map(({ score }) => score))).toBeLessThan(0.1);
  });
});
