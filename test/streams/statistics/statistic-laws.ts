import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Statistic } from '../../../streams/statistics/statistic.js';

export interface Reading {
  readonly value: number;
  readonly atMs: number;
}

export const temperatures = fc.double({ min: -60, max: 150, noNaN: true });

/** Up to 200 readings within an hour, in no order. */
export const readings = (value: fc.Arbitrary<number> = temperatures): fc.Arbitrary<readonly Reading[]> =>
  fc.array(fc.record({ value, atMs: fc.integer({ min: 0, max: 3_600_000 }) }), { minLength: 1, maxLength: 200 });

export const inOrder = (all: readonly Reading[]): readonly Reading[] => all.toSorted((a, b) => a.atMs - b.atMs);

/** What a statistic remembers of readings. */
export const folded = (statistic: Statistic, all: readonly Reading[], startMs = 0): number[] => {
  const memory = statistic.begin();
  for (const { value, atMs } of all) statistic.add(memory, value, atMs - startMs);
  return memory;
};

const results = (statistic: Statistic, memory: readonly number[], all: readonly Reading[]) => {
  const values = all.map(({ value }) => value);
  return statistic.resultsOf(memory, { min: Math.min(...values), max: Math.max(...values) });
};

/** What it says of them. */
export const of = (statistic: Statistic, all: readonly Reading[]) => results(statistic, folded(statistic, all), all);

export const near = (found: number | null | undefined, wanted: number, scale: number): void => {
  expect(Math.abs((found ?? NaN) - wanted)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(scale)));
};

/** What every statistic of a window must be able to do. */
export const obeysStatisticLaws = (statistic: Statistic): void => {
  describe(statistic.name, () => {
    test('remembers finite numbers, which JSON gives back as they were', () => {
      fc.assert(
        fc.property(readings(fc.oneof(temperatures, fc.constant(-0))), (all) => {
          const memory = folded(statistic, all);
          expect(memory.every((number) => Number.isFinite(number))).toBe(true);
          const back = JSON.parse(JSON.stringify(memory)) as number[];
          expect(results(statistic, back, all)).toEqual(results(statistic, memory, all));
        }),
      );
    });

    test('gives the results that it says it gives', () => {
      fc.assert(
        fc.property(readings(), (all) => {
          expect(Object.keys(of(statistic, all)).filter((name) => !statistic.gives(name))).toEqual([]);
        }),
      );
    });

    test('two windows merged, the later into the earlier, tell what one of all would', () => {
      fc.assert(
        fc.property(readings(), fc.integer({ min: 1, max: 199 }), (unordered, cut) => {
          const all = inOrder(unordered);
          const [early, late] = [all.slice(0, cut), all.slice(cut)];
          const laterMs = late[0]?.atMs ?? 0;
          const memory = folded(statistic, early);
          statistic.merge(memory, folded(statistic, late, laterMs), laterMs);
          const merged = results(statistic, memory, all);
          for (const [name, wanted] of Object.entries(of(statistic, all))) {
            if (wanted === null) expect(merged[name] ?? 0).toBeCloseTo(0, 6);
            else if (name === 'r2') expect(merged[name] ?? NaN).toBeCloseTo(wanted, 6);
            else near(merged[name], wanted, Math.max(1e3, Math.abs(wanted)));
          }
        }),
      );
    });
  });
};
