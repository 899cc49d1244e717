import fc from 'fast-check';
import { describe, it } from 'vitest';
import { near, obeysStatisticLaws, of, readings } from '../statistic-laws.js';
import { rms } from './rms.js';

describe('rms', () => {
  obeysStatisticLaws(rms);

  it('is the root of the mean of squares, summed anew', () => {
    fc.assert(
      fc.property(readings(), (all) => {
        const squares = all.reduce((sum, { value }) => sum + value * value, 0);
        near(of(rms, all)['rms'], Math.sqrt(squares / all.length), 1e3);
      }),
    );
  });
});
