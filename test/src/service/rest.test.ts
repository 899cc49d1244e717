import { describe, expect, it } from 'vitest';
import { restAfter } from '../../../src/service/rest.js';

const nowMs = 1_754_100_000_000;
const rest = (devices: number, ageMs: number | null): number =>
  restAfter({ devices, newestTimestampMs: ageMs === null ? null : nowMs - ageMs }, 1_000, nowMs);

describe('restAfter', () => {
  it('is a quarter of the interval when little was written', () => {
    expect([rest(0, 0), rest(312, 0), rest(0, null)]).toEqual([250, 250, 250]);
  });

  it('grows with the devices written, up to the interval', () => {
    expect([rest(500, 0), rest(1_000, 0), rest(1_250, 0), rest(100_000, 0)]).toEqual([400, 800, 1_000, 1_000]);
  });

  it('is longer than the interval only for what was old when it came', () => {
    expect([rest(1, 10_000), rest(1, 10_001), rest(100_000, 10_001)]).toEqual([250, 5_000, 5_000]);
  });
});
