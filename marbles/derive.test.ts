import fc from 'fast-check';
import { map, pipe } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Chunk } from '../streams/model/chunk.js';
import type { Telemetry } from '../streams/model/telemetry.js';
import { derive } from '../streams/operators/derive.js';
import { latest } from '../streams/operators/latest.js';
import { logs, marbles, obeysStreamLaws, type Operator, ownPlace, testSettings } from './kit/index.js';
import { derivedOf } from './reference/derived.js';
import { byKey, inAndOut } from './reference/in-and-out.js';
import { ruled } from './reference/rules.js';

const measured = `
derive:
  - { metric: used, delta: { of: battery } }
  - { metric: rolled, delta: { of: battery, rollover: 100 } }
  - { metric: drain, rate: { of: battery, per: 1h, rollover: 100 } }
  - { metric: smoothed, smooth: { of: temperature, half_life: 5s } }
  - { metric: reported, deadband: { of: humidity, by: 1, at_most: 10s } }
  - { metric: exact, deadband: { of: humidity, by: 0 } }
`;
const several = ruled(`${measured}
  - { metric: felt, value: 'temperature + humidity / 10.0' }
  - { metric: warmth, value: 'smoothed * 2.0', match: { type: sensor } }
  - { metric: ratio, value: 'humidity / temperature' }
`);
const used = ruled(`
derive:
  - { metric: used, delta: { of: battery } }
`);
const felt = ruled(`
derive:
  - { metric: used, delta: { of: battery } }
  - { metric: felt, value: 'temperature + humidity' }
  - { metric: per, value: 'humidity / temperature' }
`);

/** Which is where it stands: `latest` is ahead of it by a chunk. */
const aheadOfLatest: Operator<Telemetry, Telemetry> = (settings, state) =>
  pipe(derive(settings, state), latest(settings.metrics, state));

/** Of each record what was derived. */
const derivedIn = ({ records }: Chunk<Telemetry>) => records.map(({ value }) => value.readings.slice(3));
const about = (number: number): unknown => (Number.isNaN(number) ? NaN : expect.closeTo(number, 6));

describe('derive', () => {
  obeysStreamLaws(aheadOfLatest, { settings: { rules: several } });

  marbles(
    'gives how far a counter went; where it falls it has begun at 0 again',
    { rules: used },
    ({ cold, chunk, settings, state, expectObservable, expectSubscriptions }) => {
      const energy = (battery: number) => chunk({ readings: { battery } });
      const source = cold(' -a-b-c-|', { a: energy(10), b: energy(15), c: energy(3) });
      const subs = '        ^------!';
      const result = '      -a-b-c-|';

      const seen$ = source.pipe(derive(settings, state), map(derivedIn));
      expectObservable(seen$).toBe(result, { a: [[NaN]], b: [[5]], c: [[3]] });
      expectSubscriptions(source.subscriptions).toBe(subs);
    },
  );

  marbles(
    'sees the newest of metrics that the record does not hold, and asks only when something it reads is new',
    { rules: felt },
    ({ cold, chunk, settings, state, expectObservable }) => {
      const [a, b] = [chunk({ readings: { temperature: 20 } }), chunk({ readings: { humidity: 50 } })];
      const [c, d] = [chunk({ readings: { battery: 7 } }), chunk({ readings: { temperature: 21 } })];
      const source = cold(' -a-b-c-d-|', { a, b, c, d });
      const result = '      -a-b-c-d-|';

      expectObservable(source.pipe(derive(settings, state), map(derivedIn))).toBe(result, {
        a: [[NaN, NaN, NaN]],
        b: [[NaN, 70, 2.5]],
        c: [[NaN, NaN, NaN]],
        d: [[NaN, 71, 50 / 21]],
      });
    },
  );

  marbles(
    'gives nothing where an expression has no answer, notes it, and goes on with all the rest',
    { rules: felt },
    ({ cold, chunk, settings, state, expectObservable }) => {
      const reads = (battery: number, temperature: number) =>
        chunk({ readings: { battery, temperature, humidity: 50 } });
      const source = cold(' -a-b-c-|', { a: reads(10, 20), b: reads(12, 0), c: reads(15, 25) });
      const result = '      -a-b-c-|';

      const withNotes = (one: Chunk<Telemetry>) => [derivedIn(one), one.records.map(({ value }) => value.unanswered)];
      expectObservable(source.pipe(derive(settings, state), map(withNotes))).toBe(result, {
        a: [[[NaN, 70, 2.5]], [null]],
        b: [[[2, 50, NaN]], [['per']]],
        c: [[[3, 75, 2]], [null]],
      });
    },
  );

  marbles(
    'takes what a check took out of statistics for absent',
    { rules: felt },
    ({ cold, chunk, settings, state, expectObservable }) => {
      const reads = (battery: number, temperature: number) => chunk({ readings: { battery, temperature } });
      const [a, b, c] = [reads(10, 20), reads(90, 21), reads(15, 22)];
      for (const { value } of b.records) value.flags = [{ rule: 'step', metric: 2, isCounted: false }];
      const source = cold(' -a-b-c-|', { a, b, c });
      const result = '      -a-b-c-|';

      const firstOf = (one: Chunk<Telemetry>) => derivedIn(one).map(([first]) => first);
      expectObservable(source.pipe(derive(settings, state), map(firstOf))).toBe(result, { a: [NaN], b: [NaN], c: [5] });
    },
  );

  it('gives what its definition does, of counters, means and dead bands', () => {
    const settings = testSettings({ rules: ruled(measured) });
    fc.assert(
      fc.property(logs(settings), (log) => {
        const { came } = inAndOut(derive, ownPlace, log, settings);
        const records = came.flatMap((chunk) => chunk.records);
        for (const ofDevice of byKey(records, ({ value }) => value.device.id).values()) {
          const expected = derivedOf(ofDevice, settings.rules);
          for (const [i, { value }] of ofDevice.entries()) {
            const found = settings.rules.derive.map(({ slot }) => value.readings[slot]);
            expect(found).toEqual((expected[i] ?? []).map(about));
          }
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
