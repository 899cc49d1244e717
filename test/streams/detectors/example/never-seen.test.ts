import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { obeysDetectorLaws } from '../detector-laws.js';
import { everyMinute, values, verdictsOf } from '../stepping.js';
import { neverSeen } from './never-seen.js';

describe('never-seen', () => {
  obeysDetectorLaws(neverSeen);

  it('is the distance from the range of all readings before, looked up anew', () => {
    const tuned = neverSeen.tuned({ margin: 0.5, warmUp: 3 });
    fc.assert(
      fc.property(values(4, 50), (series) => {
        const last = series.at(-1) ?? NaN;
        const [low, high] = [Math.min(...series.slice(0, -1)), Math.max(...series.slice(0, -1))];
        fc.pre(high - low > 1e-3);
        const ratio = Math.max(0, last - high, low - last) / (0.5 * (high - low));
        expect(verdictsOf(tuned, everyMinute(series)).at(-1)?.score).toBeCloseTo(ratio / (1 + ratio), 9);
      }),
    );
  });
});
