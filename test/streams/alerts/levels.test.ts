import { expect, test } from 'vitest';
import { above, expressed } from '../../../streams/alerts/claims.js';
import { levelCrossed } from '../../../streams/alerts/levels.js';

const hot = { severity: 'warning', ...above({ raise: 40, clear: 38 }) } as const;

test('the level crossed is the one of a threshold, of several the nearest, and none of an expression', () => {
  const band = { ...hot, raise: { ...hot.raise, edges: [10, 30] } };
  const never = { text: 'false', reads: [], evaluate: () => false };
  expect(levelCrossed(hot, 60)).toBe(40);
  expect([levelCrossed(band, 31), levelCrossed(band, 9)]).toEqual([30, 10]);
  expect(levelCrossed({ ...hot, ...expressed(never, never) }, NaN)).toBeNaN();
});
