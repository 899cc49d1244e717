import { describe, expect, it } from 'vitest';
import { Pace } from '../../../src/simulator/pace.js';
import { timesOf, Unusable } from '../../../src/simulator/times.js';

describe('the pace', () => {
  it('adds up over any cutting of time', () => {
    const pace = new Pace(333, 1_000);
    let sent = 0;
    for (let nowMs = 1_000; nowMs <= 61_000; nowMs += 7.3) sent += pace.due(nowMs).count;
    expect(sent).toBe(Math.floor((333 * Math.floor(60_000 / 7.3) * 7.3) / 1_000));
  });

  it('catches up at most a second, and says what it let go', () => {
    const pace = new Pace(100, 0);
    expect(pace.due(500)).toEqual({ count: 50, skippedMs: 0 });
    expect(pace.due(10_500)).toEqual({ count: 100, skippedMs: 9_000 });
    expect(pace.due(10_510)).toEqual({ count: 1, skippedMs: 0 });
  });

  it('knows when the next one is due', () => {
    const pace = new Pace(4, 100);
    expect(pace.nextMs).toBe(350);
    pace.due(400);
    expect(pace.nextMs).toBe(600);
  });
});

describe('the times of a run', () => {
  const nowMs = 1_800_000_000_000;
  const run = { ratePerSecond: 1_000, speed: 1, devices: 500, count: null, durationMs: null, startMs: null };

  it('goes with the clock', () => {
    expect(timesOf(run, nowMs)).toEqual({ startMs: nowMs, stepMs: 1, total: null });
    expect(timesOf({ ...run, count: 10, durationMs: 60_000 }, nowMs).total).toBe(10);
    expect(timesOf({ ...run, durationMs: 60_000 }, nowMs).total).toBe(60_000);
  });

  it('ends now when it runs faster', () => {
    const { startMs, stepMs, total } = timesOf({ ...run, speed: 60, durationMs: 60_000 }, nowMs);
    expect([startMs + (total ?? 0) * stepMs, stepMs]).toEqual([nowMs + 60_000, 60]);
    const fast = timesOf({ ...run, ratePerSecond: null, speed: 10, count: 100_000 }, nowMs);
    expect(fast).toEqual({ startMs: nowMs - 2_000_000, stepMs: 20, total: 100_000 });
  });

  it('begins where it is told', () => {
    expect(timesOf({ ...run, speed: 60, startMs: 7 }, nowMs)).toEqual({ startMs: 7, stepMs: 60, total: null });
  });

  it('refuses what would end in the future or begin before the log does', () => {
    expect(() => timesOf({ ...run, speed: 60 }, nowMs)).toThrow(Unusable);
    expect(() => timesOf({ ...run, ratePerSecond: null, speed: 100, count: 5_000_000 }, nowMs)).toThrow(/12 days/);
  });
});
