import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { LogTime, logTimeMemory } from '../../../streams/state/log-time.js';

const maxAheadMs = 100;
const seen = (timestamps: readonly number[], logTime = new LogTime(-Infinity, [])): LogTime => {
  for (const timestampMs of timestamps) logTime.see(timestampMs, maxAheadMs);
  return logTime;
};
const times = (n: number, timestampMs: number): number[] => Array.from({ length: n }, () => timestampMs);

describe('log time', () => {
  it.each<[string, readonly number[], number]>([
    ['begins with the first timestamp, whatever it is', [5_000], 5_000],
    ['is the greatest timestamp', [1, 50, 20], 50],
    ['takes a step of the greatest that is no leap', [0, 100], 100],
    ['does not follow one leap', [0, 101], 0],
    ['does not follow fifteen', [0, ...times(15, 101)], 0],
    ['follows the sixteenth', [0, ...times(16, 101)], 101],
    ['follows to the least of them', [0, ...times(15, 900), 101], 101],
    ['counts leaps in a row only', [0, ...times(15, 102), 1, ...times(15, 102)], 1],
    ['begins to count again after it has followed', [0, ...times(16, 500), ...times(15, 900)], 500],
    ['never goes back', [0, ...times(16, 500), 3], 500],
  ])('%s', (_what, timestamps, expected) => {
    expect(seen(timestamps).timeMs).toBe(expected);
  });

  it('never goes back, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2_000 })), (timestamps) => {
        const logTime = seen([]);
        for (const timestampMs of timestamps) {
          const before = logTime.timeMs;
          logTime.see(timestampMs, maxAheadMs);
          expect(logTime.timeMs).toBeGreaterThanOrEqual(before);
        }
      }),
      { seed: 1 },
    );
  });

  it('goes on after it was written and read, in the middle of a leap too', () => {
    const step = fc.oneof(fc.constant(500), fc.integer({ min: 0, max: 2_000 }));
    fc.assert(
      fc.property(fc.array(step, { size: 'large' }), fc.array(step, { size: 'large' }), (before, after) => {
        const text = JSON.stringify(logTimeMemory.encode(seen(before)));
        const back = logTimeMemory.decode(JSON.parse(text));
        if (!isRight(back)) throw new Error('does not decode');
        expect(seen(after, back.right)).toEqual(seen([...before, ...after]));
      }),
      { seed: 1 },
    );
  });
});
