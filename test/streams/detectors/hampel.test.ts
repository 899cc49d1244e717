import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hampel } from '../../../streams/detectors/hampel.js';
import { everyMinute, values, verdictsOf } from './stepping.js';

const median = (of: readonly number[]): number => {
  const sorted = [...of].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2;
};

/** The definition: sorts everything, each time. */
const reachOf = (window: readonly number[], limit: number): number => {
  const middle = median(window);
  const deviations = window.map((value) => Math.abs(value - middle));
  const mad = 1.4826 * median(deviations);
  const mean = (1.2533 * deviations.reduce((sum, each) => sum + each, 0)) / window.length;
  return limit * (mad > 0 ? mad : mean);
};

describe('hampel', () => {
  it('is median and MAD of the window before, sorted anew', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 12 }), values(13, 80), (window, series) => {
        const verdicts = verdictsOf(hampel.tuned({ window, limit: 3 }), everyMinute(series));
        verdicts.forEach(({ low, high, isWarm }, i) => {
          expect(isWarm).toBe(i >= window);
          if (!isWarm) return;
          const before = series.slice(i - window, i);
          const reach = reachOf(before, 3);
          expect((low + high) / 2).toBeCloseTo(median(before), 6);
          if (reach > 1e-3) expect((high - low) / 2 / reach).toBeCloseTo(1, 6);
        });
      }),
    );
  });

  it('is not moved by spikes, as long as they are fewer than half', () => {
    const series = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 1e9 : i % 5));
    const verdict = verdictsOf(hampel.tuned({ window: 51, limit: 5 }), everyMinute(series)).at(-1);
    expect(verdict?.high).toBeLessThan(30);
  });
});
