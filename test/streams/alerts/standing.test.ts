import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, isNormal, normal, type Patience, type Standing, stateOf } from '../../../streams/alerts/standing.js';

const atOnce: Patience = { forMs: 0, keepForMs: 0, mOfN: null };
const patient: Patience = { forMs: 30, keepForMs: 60, mOfN: null };

/** One decision every 10 ms; gives the state and level after each. */
const walk = (patience: Patience, reached: readonly number[]): readonly string[] => {
  let standing: Standing = normal;
  return reached.map((level, i) => {
    standing = decide(standing, level, i * 10, patience);
    return `${stateOf(standing)} ${standing.level}`;
  });
};

describe('decide', () => {
  test('raises and clears at once when nothing is to be waited for', () => {
    expect(walk(atOnce, [0, 1, 1, 0])).toEqual(['normal 0', 'active 1', 'active 1', 'normal 0']);
  });

  test('waits for `for`, and begins anew when the level was left meanwhile', () => {
    expect(walk(patient, [1, 1, 0, 1, 1, 1, 1])).toEqual(
      ['pending 0', 'pending 0', 'normal 0', 'pending 0', 'pending 0', 'pending 0', 'active 1'], // prettier-ignore
    );
  });

  test('waits for `keep_for` before it clears, and goes on as active when the level comes back', () => {
    const keeps: Patience = { forMs: 0, keepForMs: 20, mOfN: null };
    expect(walk(keeps, [1, 0, 1, 0, 0, 0])).toEqual(
      ['active 1', 'recovering 1', 'active 1', 'recovering 1', 'recovering 1', 'normal 0'], // prettier-ignore
    );
  });

  test('goes up and down a ladder in one episode', () => {
    expect(walk(atOnce, [1, 3, 2, 0])).toEqual(['active 1', 'active 3', 'active 2', 'normal 0']);
  });

  test('rises only as far as it was all the while; what came lately waits on its own', () => {
    const waits: Patience = { forMs: 20, keepForMs: 0, mOfN: null };
    expect(walk(waits, [1, 1, 2, 2, 2])).toEqual(['pending 0', 'pending 0', 'active 1', 'active 1', 'active 2']);
  });

  test('m of n: a level counts while m of the last n decisions had one', () => {
    const some: Patience = { forMs: 0, keepForMs: 0, mOfN: { m: 3, n: 5 } };
    expect(walk(some, [1, 0, 1, 0, 1, 0, 0])).toEqual(
      ['normal 0', 'normal 0', 'normal 0', 'normal 0', 'active 1', 'normal 0', 'normal 0'], // prettier-ignore
    );
  });

  test('remembers exactly the last n decisions', () => {
    const decisions = fc.array(fc.boolean(), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 52 }), fc.nat(51), decisions, (n, at, all) => {
        const m = 1 + (at % n);
        let standing: Standing = normal;
        for (const [i, isReached] of all.entries()) {
          standing = decide(standing, Number(isReached), i, { forMs: 0, keepForMs: 0, mOfN: { m, n } });
          const reached = all.slice(Math.max(0, i + 1 - n), i + 1).filter(Boolean).length;
          expect(standing.level).toBe(reached >= m ? 1 : 0);
        }
      }),
    );
  });

  test('forgets decisions of long ago, so that a quiet device remembers nothing', () => {
    let standing: Standing = normal;
    const some: Patience = { forMs: 0, keepForMs: 0, mOfN: { m: 32, n: 32 } };
    standing = decide(standing, 1, 0, some);
    expect(isNormal(standing)).toBe(false);
    for (let i = 1; i <= 32; i += 1) standing = decide(standing, 0, i, some);
    expect(isNormal(standing)).toBe(true);
  });

  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 40 })), { maxLength: 60 });
  const patience = fc.record({
    forMs: fc.integer({ min: 0, max: 60 }),
    keepForMs: fc.integer({ min: 0, max: 60 }),
    mOfN: fc.constant(null),
  });

  /** From the definition: the whole history is looked at anew for each decision. */
  const naive = (all: readonly (readonly [level: number, atMs: number])[], waits: Patience): readonly number[] => {
    const levels: number[] = [];
    let level = 0;
    let from = 0;
    for (const [i, [, atMs]] of all.entries()) {
      const since = (is: (reached: number) => boolean): number => {
        let first = i;
        while (first > from && is(all[first - 1]?.[0] ?? NaN)) first -= 1;
        return first;
      };
      const reached = all[i]?.[0] ?? 0;
      const held = level;
      if (reached > held) {
        const first = since((value) => value > held);
        const lowest = Math.min(...all.slice(first, i + 1).map(([value]) => value));
        if (atMs - (all[first]?.[1] ?? NaN) >= waits.forMs) [level, from] = [lowest, i];
      } else if (reached < held) {
        const first = since((value) => value < held);
        const highest = Math.max(...all.slice(first, i + 1).map(([value]) => value));
        if (atMs - (all[first]?.[1] ?? NaN) >= waits.keepForMs) [level, from] = [highest, i];
      }
      levels.push(level);
    }
    return levels;
  };

  test('is what looking back over the whole history says', () => {
    fc.assert(
      fc.property(steps, patience, (gaps, waits) => {
        let atMs = 0;
        const all = gaps.map(([level, gap]) => [level, (atMs += gap)] as const);
        let standing: Standing = normal;
        const levels = all.map(([level, time]) => (standing = decide(standing, level, time, waits)).level);
        expect(levels).toEqual(naive(all, waits));
      }),
      { numRuns: 1_000 },
    );
  });
});
