import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { Accumulator, windowMemory, windowResult } from '../../../streams/state/window-memory.js';

const metrics = [
  { name: 'temperature', unit: '°C', min: -50, max: 150 },
  { name: 'humidity', unit: '%', min: 0, max: 100 },
];
const filled = (values: readonly number[]): Accumulator => {
  const accumulator = new Accumulator(0);
  values.forEach((value, at) => {
    accumulator.add(value, at);
  });
  return accumulator;
};
const varianceOf = (values: readonly number[]): number => windowResult('d', 'm', 10, filled(values), true).variance;

/** Two passes: the mean first, then the squares of what differs from it. */
const twoPasses = (values: readonly number[]): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
};
/** What is not done here: the mean of squares less the square of the mean. */
const ofSquares = (values: readonly number[]): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, value) => sum + value * value, 0) / values.length - mean ** 2;
};

describe('an accumulator', () => {
  it('holds count, sum, least, greatest, mean, first and last', () => {
    expect(windowResult('d', 'm', 10, filled([3, -1, 4]), false)).toEqual({
      device: 'd',
      metric: 'm',
      startMs: 0,
      endMs: 10,
      count: 3,
      sum: 6,
      min: -1,
      max: 4,
      mean: 2,
      variance: expect.closeTo(14 / 3, 12) as unknown,
      first: 3,
      last: 4,
      revision: 0,
      isClosed: false,
    });
  });

  it('takes first and last by event time; of equal times the first to come and the last to come', () => {
    const accumulator = new Accumulator(0);
    for (const [value, atMs] of [
      [1, 5],
      [2, 3],
      [3, 3],
      [4, 7],
      [5, 7],
      [6, 6],
    ] as const)
      accumulator.add(value, atMs);
    expect([accumulator.first, accumulator.last]).toEqual([2, 5]);
  });

  it('has the variance of small differences on a great offset, where the sum of squares has lost it', () => {
    const values = [4, 7, 13, 16].map((value) => value + 1e9);
    expect(varianceOf(values)).toBeCloseTo(22.5, 9);
    expect(Math.abs(ofSquares(values) - 22.5)).toBeGreaterThan(1);
  });

  it('has it for any number of values around 1e9', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 1_000, size: 'max' }),
        (values) => {
          const around = values.map((value) => value + 1e9);
          const exact = twoPasses(around.map((value) => value - 1e9)); // subtracting is exact here
          expect(Math.abs(varianceOf(around) - exact)).toBeLessThan(1e-6);
        },
      ),
      { seed: 1 },
    );
  });

  it('has no variance when all values are the same', () => {
    expect(varianceOf(Array.from({ length: 1_000 }, () => 1e9 + 0.1))).toBe(0);
  });

  it('never has a negative one', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { minLength: 1 }), (values) => {
        expect(varianceOf(values)).toBeGreaterThanOrEqual(0);
      }),
      { seed: 1 },
    );
  });
});

describe('open windows', () => {
  const stored = windowMemory(metrics);
  const back = (text: string, remembered = stored) => {
    const decoded = remembered.decode(JSON.parse(text));
    if (!isRight(decoded)) throw new Error('does not decode');
    return decoded.right;
  };

  it('are written by metric name, those without a window left out', () => {
    const open = stored.create();
    open.byMetric[1]?.push(filled([1, 2]));
    expect(Object.keys(stored.encode(open) as object)).toEqual(['humidity']);
  });

  it('go on after they were written and read, to the last bit', () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.array(value), (before, after) => {
        const open = stored.create();
        open.byMetric[0]?.push(filled(before));
        const [again] = back(JSON.stringify(stored.encode(open))).byMetric[0] ?? [];
        const whole = filled([...before, ...after]);
        after.forEach((one, i) => again?.add(one, before.length + i));
        expect(JSON.stringify(again)).toBe(JSON.stringify(whole));
      }),
      { seed: 1 },
    );
  });

  it('keep the windows of a metric that is not in the table any more', () => {
    const open = stored.create();
    open.byMetric[1]?.push(filled([1, 2]));
    const text = JSON.stringify(stored.encode(open));
    const fewer = windowMemory(metrics.slice(0, 1));
    expect(JSON.stringify(fewer.encode(back(text, fewer)))).toBe(text);
  });
});
