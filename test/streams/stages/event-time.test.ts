import { isLeft } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { timeInMs, timeInText } from '../../../streams/stages/event-time.js';

const verdictOf = (result: ReturnType<typeof timeInMs>): unknown => (isLeft(result) ? result.left._tag : result.right);

describe('timeInMs', () => {
  test.each([
    [1_754_100_930_123, 1_754_100_930_123],
    [1e11, 1e11],
    [1e14, 1e14],
    [undefined, 'ts_missing'],
    [null, 'ts_missing'],
    [0, 'ts_unit'],
    [-0, 'ts_unit'],
    [1_754_100_930, 'ts_unit'],
    [-1_754_100_930_123, 'ts_unit'],
    [1_754_100_930_123_456, 'ts_unit'],
    [Number.MAX_VALUE, 'ts_unit'],
    [1_754_100_930_123.5, 'schema'],
    [Infinity, 'schema'],
    ['1754100930123', 'schema'],
    ['2025-08-02T10:15:30Z', 'schema'],
    ['', 'schema'],
    [true, 'schema'],
    [{}, 'schema'],
    [[1_754_100_930_123], 'schema'],
  ])('%j: %s', (value, verdict) => {
    expect(verdictOf(timeInMs(value, 'timestamp'))).toBe(verdict);
  });

  test('says what the number looks like, and where it is', () => {
    const messages = [1_754_100_930, 1e15, 0].map((value) => timeInMs(value, 'payload.device.timestamp'));
    expect(messages.map((each) => isLeft(each) && each.left.message)).toEqual([
      'payload.device.timestamp: expected epoch milliseconds, 1754100930 looks like seconds',
      'payload.device.timestamp: expected epoch milliseconds, 1000000000000000 looks like microseconds or nanoseconds',
      'payload.device.timestamp: expected epoch milliseconds, 0 looks like no time',
    ]);
  });
});

describe('timeInText', () => {
  test.each([
    ['2025-08-02T10:15:30.123+08:00', 1_754_100_930_123],
    [undefined, 'ts_missing'],
    [null, 'ts_missing'],
    ['', 'ts_missing'],
    [1_754_100_930_123, 'ts_unit'],
    [Infinity, 'ts_unit'],
    ['2025-08-02T10:15:30.123', 'tz_missing'],
    ['2025-08-02', 'schema'],
    ['1754100930123', 'schema'],
    ['now', 'schema'],
    [false, 'schema'],
    [['2025-08-02T10:15:30Z'], 'schema'],
  ])('%j: %s', (value, verdict) => {
    expect(verdictOf(timeInText(value, 'timestamp'))).toBe(verdict);
  });
});
