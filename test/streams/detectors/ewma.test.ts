import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ewma } from '../../../streams/detectors/ewma.js';
import { everyMinute, values, verdictsOf } from './stepping.js';

const [alpha, limit, warmUp] = [0.1, 3, 5];
const tuned = ewma.tuned({ alpha, limit, warmUp });

/** The definition: weights of all readings so far, mean and variance as weighted sums over all of them. */
const weighted = (readings: readonly number[]): { mean: number; deviation: number } => {
  const weights: number[] = [];
  readings.forEach((_, i) => {
    const newest = Math.max(alpha, 1 / (i + 1));
    weights.forEach((weight, j) => (weights[j] = weight * (1 - newest)));
    weights.push(newest);
  });
  const sum = (of: (value: number) => number): number =>
    readings.reduce((total, value, i) => total + (weights[i] ?? 0) * of(value), 0);
  const mean = sum((value) => value);
  return { mean, deviation: Math.sqrt(sum((value) => (value - mean) ** 2)) };
};

describe('ewma', () => {
  it('is the weighted mean and deviation of all that came before', () => {
    fc.assert(
      fc.property(values(warmUp + 1, 60), (series) => {
        const last = verdictsOf(tuned, everyMinute(series)).at(-1);
        const { mean, deviation } = weighted(series.slice(0, -1));
        fc.pre(deviation > 1e-3);
        expect(last?.low).toBeCloseTo(mean - limit * deviation, 4);
        expect(last?.high).toBeCloseTo(mean + limit * deviation, 4);
        const ratio = Math.abs((series.at(-1) ?? NaN) - mean) / (limit * deviation);
        expect(last?.score).toBeCloseTo(ratio / (1 + ratio), 6);
      }),
    );
  });

  it('keeps its deviation far from zero: a tiny noise on a huge level is still seen as it is', () => {
    const series = Array.from({ length: 400 }, (_, i) => 1e6 + (i % 2));
    const verdict = verdictsOf(tuned, everyMinute([...series, 1e6 + 20])).at(-1);
    expect(verdict?.score).toBeGreaterThan(0.9);
    expect((verdict?.high ?? NaN) - (verdict?.low ?? NaN)).toBeCloseTo(2 * limit * 0.5, 1);
  });
});
