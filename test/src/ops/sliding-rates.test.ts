import { describe, expect, test } from 'vitest';
import { slidingRates } from '../../../src/ops/sliding-rates.js';
import { tally } from '../http/fakes.js';

describe('slidingRates', () => {
  const clocked = () => {
    const clock = { nowMs: 1234 };
    return { clock, rates: slidingRates(() => clock.nowMs) };
  };

  test('averages the last five whole seconds', () => {
    const { clock, rates } = clocked();
    for (let second = 0; second < 20; second += 1) {
      rates.add(tally);
      rates.add(tally);
      clock.nowMs += 1000;
    }
    expect(rates.rates()).toEqual({
      overMs: 5000,
      perSecond: { read: 20, counted: 10, duplicate: 2, late: 2, dead: 4, skipped: 2 },
    });
  });

  test('leaves out the second under way and what is older than five', () => {
    const { clock, rates } = clocked();
    rates.add({ ...tally, read: 1000 });
    clock.nowMs += 6000;
    rates.add({ ...tally, read: 50 });
    expect(rates.rates().perSecond.read).toBe(0);
    clock.nowMs += 1000;
    expect(rates.rates().perSecond.read).toBe(10);
    clock.nowMs += 5000;
    expect(rates.rates().perSecond.read).toBe(0);
  });

  test('averages over what has passed at the beginning', () => {
    const { clock, rates } = clocked();
    rates.add({ ...tally, read: 30 });
    expect(rates.rates()).toMatchObject({ overMs: 0, perSecond: { read: 0 } });
    clock.nowMs += 2500;
    expect(rates.rates()).toMatchObject({ overMs: 2000, perSecond: { read: 15 } });
  });
});
