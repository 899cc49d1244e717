import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/simulator/random.js';
import { auto } from '../../../streams/detectors/auto.js';
import { binOf, createDayProfile, leastShare, learnAt, usualAt } from '../../../streams/detectors/auto/day-profile.js';
import { createTails, distanceOf, surprise } from '../../../streams/detectors/auto/tails.js';
import { storeState } from '../../../streams/detectors/stored-state.js';
import { type Reading, verdictsOf } from './stepping.js';

const tuned = auto.tuned(auto.settings.standard);
const monday = Date.UTC(2026, 0, 5);
const [perDay, days] = [288, 14];

/** A fortnight of readings five minutes apart. */
const fortnight = (valueAt: (i: number, random: Random) => number, seed = 1): readonly Reading[] => {
  const random = new Random(seed);
  return Array.from({ length: days * perDay }, (_, i) => ({ value: valueAt(i, random), atMs: monday + i * 300_000 }));
};
const noise = fortnight((_, random) => 50 + random.normal());
const season = fortnight((i, random) => 50 + 20 * Math.sin((2 * Math.PI * i) / perDay) + random.normal());
const changed = (
  series: readonly Reading[],
  from: number,
  to: number,
  by: (value: number) => number,
): readonly Reading[] => series.map(({ value, atMs }, i) => ({ value: i >= from && i < to ? by(value) : value, atMs }));

/** Where findings begin. */
const findings = (series: readonly Reading[]): readonly number[] => {
  const scores = verdictsOf(tuned, series).map(({ score }) => score);
  return scores.flatMap((score, i) => (score >= 0.5 && (scores[i - 1] ?? 0) < 0.5 ? [i] : []));
};
const at = 3_000;

describe('auto', () => {
  it.each([
    ['noise', noise],
    ['a daily season', season],
    ['a square wave', fortnight((i) => (i % perDay < 96 ? 80 : 20))],
    ['coarse steps', fortnight((_, random) => Math.round(random.normal()))],
    ['counts', fortnight((_, random) => Math.floor(-5 * Math.log(1 - random.next())))],
  ])('has next to nothing to say of %s', (_what, series) => {
    expect(findings(series).length).toBeLessThanOrEqual(4);
  });

  it.each([
    ['a spike', changed(noise, at, at + 1, (value) => value + 15), 0],
    ['a shift of the level', changed(noise, at, at + 400, (value) => value + 8), 3],
    ['a variability that is threefold', changed(noise, at, at + 400, (value) => 50 + 3 * (value - 50)), 40],
    ['a noise that is gone', changed(noise, at, at + 400, (value) => 50 + 0.05 * (value - 50)), 60],
    ['a shift that no single reading shows', changed(season, at, at + 400, (value) => value + 3), 60],
    ['a night that does not come', changed(season, at, at + 100, () => 50), 60],
    ['a value that is stuck', changed(noise, at, at + 100, () => 50), 40],
    ['a value that was never lower', changed(season, at, at + 5, () => 0), 2],
  ])('finds %s', (_what, series, within) => {
    const found = findings(series).filter((i) => i >= at);
    expect(found[0]).toBeLessThanOrEqual(at + within);
  });

  it('tells an anomaly once, and not again while it lasts', () => {
    const shifted = changed(noise, at, at + 200, (value) => value + 8);
    expect(findings(shifted).filter((i) => i >= at && i < at + 200).length).toBeLessThanOrEqual(3);
    const each = auto.tuned({ ...auto.settings.standard, quiet: 0 });
    const scores = verdictsOf(each, shifted).slice(at, at + 200);
    expect(scores.filter(({ score }) => score >= 0.5).length).toBeGreaterThan(20);
  });

  it('expects by the hour what came at that hour', () => {
    const verdicts = verdictsOf(tuned, season);
    const middle = ({ low, high }: { low: number; high: number }): number => (low + high) / 2;
    const [noon, midnight] = [13 * perDay + perDay / 4, 13 * perDay + (3 * perDay) / 4];
    expect(middle(verdicts[noon] ?? { low: NaN, high: NaN })).toBeGreaterThan(60);
    expect(middle(verdicts[midnight] ?? { low: NaN, high: NaN })).toBeLessThan(40);
  });

  it('scores alike whatever the unit', () => {
    const spiked = changed(season, at, at + 1, (value) => value + 12);
    const scores = verdictsOf(tuned, spiked).map(({ score }) => score);
    const scaled = verdictsOf(
      tuned,
      changed(spiked, 0, Infinity, (value) => 1_024 * value),
    );
    scaled.forEach(({ score }, i) => expect(score).toBeCloseTo(scores[i] ?? NaN, 6));
  });

  it('takes the same memory after a fortnight as at first', () => {
    const size = (state: object): number => Object.values(storeState(state)).flat().length;
    const state = tuned.create();
    const atFirst = size(state);
    verdictsOf(tuned, season, state);
    expect([size(state), atFirst]).toEqual([243, 243]);
  });
});

describe('tails', () => {
  it('gives −ln of the share that was as far, for noise of any scale and for heavy tails', () => {
    const drawn: readonly (readonly [string, (random: Random) => number])[] = [
      ['normal', (random) => random.normal()],
      ['pareto', (random) => (1 - random.next()) ** (-1 / 2) * (random.next() < 0.5 ? 1 : -1)],
    ];
    for (const [name, draw] of drawn)
      for (const scale of [1e-6, 1, 1e9]) {
        const random = new Random(7);
        const tails = createTails(1);
        const past: number[] = [];
        for (let i = 0; i < 20_000; i += 1) {
          const distance = scale * draw(random);
          past.push(distance);
          surprise(tails, 0, distance, scale * 1e-9, 60);
        }
        const sorted = past.filter((distance) => distance >= 0).sort((a, b) => b - a);
        for (const share of [0.1, 0.03, 0.01]) {
          const nats = surprise(structuredClone(tails), 0, sorted[Math.floor(share * sorted.length)] ?? NaN, 0, 60);
          expect(Math.abs(nats + Math.log(share)), `${name} ${scale} ${share}`).toBeLessThan(0.6);
        }
      }
  });

  it('knows the distance that surprises by so much', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 200, maxLength: 300 }),
        fc.double({ min: 2.5, max: 20, noNaN: true }),
        (past, nats) => {
          const tails = createTails(1);
          for (const distance of [1, -1, ...past]) surprise(tails, 0, distance, 1e-3, 5);
          const distance = distanceOf(tails, 0, nats, 1e-3);
          fc.pre((tails.seen[0] ?? 0) > 5);
          expect(surprise(tails, 0, distance, 1e-3, 5)).toBeCloseTo(nats, 6);
        },
      ),
    );
  });
});

/** The mean, in which the newest weighs as much as all others or the least share, whichever is more. */
const meanOfRecent = (values: readonly number[]): number =>
  values.reduce((mean, value, i) => {
    const share = Math.max(leastShare, 1 / (i + 1));
    return (1 - share) * mean + share * value;
  }, 0);

describe('the day profile', () => {
  it('is the mean of what came in the half hour, counted anew; weekends apart once they are known', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(13), fc.constantFrom(0, 11, 47), fc.integer({ min: 0, max: 9 })), { minLength: 60, maxLength: 100 }), (all) => {
        const profile = createDayProfile();
        const atMs = (day: number, half: number): number => monday + day * 86_400_000 + half * 1_800_000;
        for (const [day, half, value] of all) learnAt(profile, binOf(atMs(day, half)), value);
        const meanOf = (isWeekend: boolean, half: number): number => {
          const there = all.filter(([day, at]) => at === half && day % 7 >= 5 === isWeekend).map(([, , value]) => value);
          return there.length < 7 ? NaN : meanOfRecent(there);
        };
        for (const half of [0, 11, 47]) {
          const working = meanOf(false, half);
          const weekend = meanOf(true, half);
          const borrowed = Number.isNaN(weekend) ? working : weekend;
          for (const [day, expected] of [[0, working], [6, borrowed]] as const) {
            const usual = usualAt(profile, binOf(atMs(day, half)));
            if (Number.isNaN(expected)) expect(usual).toBeNaN();
            else expect(usual).toBeCloseTo(expected, 9);
          }
        }
      }),
    ); // prettier-ignore
  });

  it('places times before 1970, too', () => {
    expect(binOf(-1)).toBe(47);
    expect(binOf(Date.UTC(1969, 11, 27, 12))).toBe(48 + 24);
    expect(binOf(monday)).toBe(0);
    expect([4, 5, 6, 7].map((day) => binOf(monday + day * 86_400_000))).toEqual([0, 48, 48, 0]);
  });
});
