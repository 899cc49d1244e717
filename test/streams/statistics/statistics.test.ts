import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quantiles, relativeError, shareOf } from '../../../streams/statistics/quantiles.js';
import { isStatistic, statisticNames, statisticsFor } from '../../../streams/statistics/registry.js';
import { slope } from '../../../streams/statistics/slope.js';
import { timeInState } from '../../../streams/statistics/time-in-state.js';
import { timeWeightedMean } from '../../../streams/statistics/time-weighted-mean.js';
import {
  folded,
  inOrder,
  near,
  obeysStatisticLaws,
  of,
  type Reading,
  readings,
  temperatures,
} from './statistic-laws.js';

for (const statistic of statisticsFor(['median', 'p95', 'slope', 'time_weighted_mean', 'time_in_state']))
  obeysStatisticLaws(statistic);

describe('quantiles', () => {
  const asked = ['p1', 'median', 'p95', 'p99.9'] as const;

  test('are within 1 % of the value at their rank among all, sorted', () => {
    const values = fc.oneof(
      temperatures,
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.integer({ min: -3, max: 3 }),
    );
    fc.assert(
      fc.property(readings(values), (all) => {
        const sorted = all.map(({ value }) => value).toSorted((a, b) => a - b);
        const found = of(quantiles(asked), all);
        for (const name of asked) {
          const rank = Math.ceil((shareOf(name) ?? NaN) * sorted.length);
          const wanted = sorted[rank - 1] ?? NaN;
          expect(Math.abs((found[name] ?? NaN) - wanted)).toBeLessThanOrEqual(
            relativeError * Math.abs(wanted) * 1.000001 + 1e-9,
          );
        }
      }),
    );
  });

  test('of one value are that value', () => {
    expect(
      of(quantiles(['p95']), [
        { value: 21.37, atMs: 5 },
        { value: 21.37, atMs: 9 },
      ]),
    ).toEqual({ p95: 21.37 });
  });

  test('do not depend on the order of readings', () => {
    fc.assert(
      fc.property(readings(), (all) => {
        expect(folded(quantiles(['median']), all)).toEqual(folded(quantiles(['median']), inOrder(all)));
      }),
    );
  });

  test('keep to their bound of memory; the greatest values keep their precision', () => {
    const all = Array.from({ length: 5_000 }, (_, i) => ({ value: 1.03 ** i * 1e-8, atMs: i }));
    expect(folded(quantiles(['p99']), all).length).toBeLessThanOrEqual(1_024);
    const wanted = 1.03 ** 4_949 * 1e-8;
    expect(Math.abs((of(quantiles(['p99']), all)['p99'] ?? NaN) / wanted - 1)).toBeLessThanOrEqual(
      relativeError * 1.01,
    );
  });
});

describe('slope', () => {
  /** From the definition, with times from their own mean. */
  const naive = (all: readonly Reading[]) => {
    const n = all.length;
    const meanT = all.reduce((sum, { atMs }) => sum + atMs / 1000, 0) / n;
    const meanV = all.reduce((sum, { value }) => sum + value, 0) / n;
    let [tt, tv, vv] = [0, 0, 0];
    for (const { value, atMs } of all) {
      tt += (atMs / 1000 - meanT) ** 2;
      tv += (atMs / 1000 - meanT) * (value - meanV);
      vv += (value - meanV) ** 2;
    }
    return { slope: tv / tt, r2: (tv * tv) / (tt * vv), vv, spread: Math.sqrt(vv / n) / Math.abs(meanV) };
  };

  test('is the least squares line of the definition', () => {
    fc.assert(
      fc.property(readings(), (all) => {
        const found = of(slope, all);
        if (new Set(all.map(({ atMs }) => atMs)).size < 2) {
          expect(found['slope']).toBeNull();
          return;
        }
        const wanted = naive(all);
        near(found['slope'], wanted.slope, 1e3 * Math.max(1, Math.abs(wanted.slope)));
        // Beyond that, squares have no digits left, or the definition's own distances from the mean.
        if (wanted.vv > 1e-200 && wanted.spread > 1e-8) expect(found['r2']).toBeCloseTo(wanted.r2, 6);
      }),
    );
  });

  test('has a share of the variance from 0 to 1 even where squares are next to 0', () => {
    const memory = slope.begin();
    slope.add(memory, 0, 0);
    slope.add(memory, -2.8e-162, 1);
    const { r2 } = slope.resultsOf(memory, { min: 0, max: 0 });
    expect(r2).toBeGreaterThanOrEqual(0);
    expect(r2).toBeLessThanOrEqual(1);
  });

  test('keeps its digits at times of 10⁹ s and values of 10⁹', () => {
    const memory = slope.begin();
    for (let i = 0; i < 1_000; i += 1) slope.add(memory, 1e9 + 0.25 * i, 1_795_643_040_000 + i * 1_000);
    const { slope: found, r2 } = slope.resultsOf(memory, { min: 0, max: 0 });
    expect(found).toBeCloseTo(0.25, 6);
    expect(r2).toBeCloseTo(1, 9);
  });

  test('is null before two times, and says nothing of a straight line that is flat', () => {
    expect(of(slope, [{ value: 3, atMs: 7 }])).toEqual({ slope: null, r2: null });
    expect(
      of(slope, [
        { value: 3, atMs: 7 },
        { value: 3, atMs: 1_007 },
      ]),
    ).toEqual({ slope: 0, r2: null });
  });
});

describe('time_weighted_mean', () => {
  test('is the area under the steps, from the first to the last reading', () => {
    fc.assert(
      fc.property(readings(), (unordered) => {
        const all = inOrder(unordered);
        const [first, last] = [all[0], all.at(-1)];
        if (first === undefined || last === undefined || first.atMs === last.atMs) return;
        let area = 0;
        for (let i = 0; i + 1 < all.length; i += 1) {
          area += (all[i]?.value ?? NaN) * ((all[i + 1]?.atMs ?? NaN) - (all[i]?.atMs ?? NaN));
        }
        near(of(timeWeightedMean, all)['time_weighted_mean'], area / (last.atMs - first.atMs), 1e3);
      }),
    );
  });

  test('leaves out a reading that comes behind a newer one', () => {
    const all = [
      { value: 10, atMs: 0 },
      { value: 20, atMs: 1_000 },
      { value: 99, atMs: 500 },
      { value: 0, atMs: 2_000 },
    ];
    expect(of(timeWeightedMean, all)).toEqual({ time_weighted_mean: 15 });
  });
});

describe('time_in_state', () => {
  test('adds up to the time from the first to the last reading, by value', () => {
    fc.assert(
      fc.property(readings(fc.integer({ min: 0, max: 4 })), (unordered) => {
        const all = inOrder(unordered);
        const wanted = new Map<string, number>();
        for (let i = 0; i + 1 < all.length; i += 1) {
          const name = `time_in_state_${all[i]?.value ?? ''}`;
          wanted.set(name, (wanted.get(name) ?? 0) + (all[i + 1]?.atMs ?? 0) - (all[i]?.atMs ?? 0));
        }
        const found = of(timeInState, all);
        for (const [name, ms] of Object.entries(found)) expect(ms).toBe(wanted.get(name) ?? 0);
        for (const [name, ms] of wanted) expect(found[name] ?? 0).toBe(ms);
      }),
    );
  });

  test('stops at 16 values', () => {
    const all = Array.from({ length: 100 }, (_, i) => ({ value: i, atMs: i * 1_000 }));
    expect(folded(timeInState, all).length).toBeLessThanOrEqual(3 + 2 * 16);
  });
});

describe('the register', () => {
  test('knows every name that it lists, and no other', () => {
    expect(statisticNames.filter((name) => !isStatistic(name))).toEqual([]);
    expect(['p0', 'p100', 'p', 'q95', 'constructor', 'sloppy'].filter(isStatistic)).toEqual([]);
  });

  test('gives one sketch for all quantiles, and nothing for what every window has', () => {
    expect(statisticsFor(['p95', 'mean', 'median']).map(({ name }) => name)).toEqual(['quantiles']);
    expect(statisticsFor(['r2', 'slope', 'count'])).toEqual([slope]);
    const named = (names: readonly string[]): readonly string[] => statisticsFor(names).map(({ name }) => name);
    expect(named(['slope', 'p95'])).toEqual(named(['p95', 'slope']));
  });
});
