import fc from 'fast-check';
import { pipe } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { PlainAlert } from '../streams/plain-rules.js';
import type { Telemetry } from '../streams/model/telemetry.js';
import { alert } from '../streams/operators/alert.js';
import { latest } from '../streams/operators/latest.js';
import { unknownProfile } from '../streams/state/latest-memory.js';
import {
  all,
  cleared,
  logs,
  marbles,
  nothing,
  obeysStreamLaws,
  type Operator,
  ownPlace,
  raised,
  testSettings,
} from './kit/index.js';
import { byKey, inAndOut } from './reference/in-and-out.js';
import { episodesOf } from './reference/episodes.js';
import { ruled } from './reference/rules.js';

const behindLatest: Operator<Telemetry, Telemetry> = (settings, state) =>
  pipe(latest(settings.metrics, state), alert(settings, state));
const afterLatest: typeof ownPlace = (settings, state) =>
  pipe(ownPlace(settings, state), latest(settings.metrics, state));

const reads = (temperature: number, atMs?: number, device = 'd1') => ({
  device,
  readings: { temperature },
  ...(atMs === undefined ? {} : { atMs }),
});
const hot: PlainAlert = {
  id: 'hot',
  metric: 'temperature',
  direction: 'above',
  raise: 40,
  clear: 38,
  severity: 'warning',
};

describe('alert', () => {
  obeysStreamLaws(alert, { after: afterLatest });

  marbles(
    'raises above its level and clears at the lower one',
    { alerts: [hot] },
    ({ cold, chunk, settings, state, expectObservable, expectSubscriptions }) => {
      const [a, b, c, d] = [chunk(reads(39)), chunk(reads(41)), chunk(reads(39)), chunk(reads(38))];
      const source = cold(' -a-b-c-d-|', { a, b, c, d });
      const subs = '        ^--------!';
      const result = '      -a-R-c-C-|';

      const episode = {
        id: 'hot@d1@test-0-1',
        device: 'd1',
        metric: 'temperature',
        severity: 'warning',
        message: 'temperature 41 °C is above 40 °C',
        raisedAtMs: 1,
        raisedValue: 41,
        raisedOffset: 1,
        peakValue: 41,
      } as const;
      expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, {
        a,
        R: all(b, raised('hot', { ...episode, clearedAtMs: null, clearedValue: null, clearedOffset: null })),
        c,
        C: all(d, cleared('hot', { ...episode, clearedAtMs: 3, clearedValue: 38, clearedOffset: 3 })),
      });
      expectSubscriptions(source.subscriptions).toBe(subs);
    },
  );

  marbles('raises at more than its level, not at it', ({ cold, chunk, settings, state, expectObservable }) => {
    const source = cold(' -a-b-|', { a: chunk(reads(40)), b: chunk(reads(40.1)) });
    const result = '      -.-R-|';

    expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, { '.': nothing, R: raised('hot') });
  });

  marbles('below is the mirror of above', ({ cold, chunk, settings, state, expectObservable }) => {
    const humid = (humidity: number) => chunk({ readings: { humidity } });
    const source = cold(' -a-b-c-d-e-|', { a: humid(20), b: humid(19), c: humid(15), d: humid(21), e: humid(22) });
    const result = '      -.-R-.-.-C-|';

    expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, {
      '.': nothing,
      R: raised('dry', { severity: 'critical', message: 'humidity 19 % is below 20 %' }),
      C: cleared('dry', { peakValue: 15 }),
    });
  });

  marbles(
    'raises once per episode, and again in the next one under an id of its own',
    ({ cold, chunk, settings, state, expectObservable }) => {
      const source = cold(' -a-b-c-d-|', {
        a: chunk(reads(41)),
        b: chunk(reads(45)),
        c: chunk(reads(30)),
        d: chunk(reads(41)),
      });
      const result = '      -R-.-C-S-|';

      expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, {
        '.': nothing,
        R: raised('hot', { id: 'hot@d1@test-0-0', peakValue: 41 }),
        C: cleared('hot', { id: 'hot@d1@test-0-0', peakValue: 45 }),
        S: raised('hot', { id: 'hot@d1@test-0-3' }),
      });
    },
  );

  marbles('sees every turn within one chunk', ({ cold, chunk, settings, state, expectObservable }) => {
    const source = cold(' -a-|', { a: chunk(reads(41), reads(30), reads(42)) });
    const result = '      -X-|';

    expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, {
      X: all(raised('hot'), cleared('hot'), raised('hot')),
    });
  });

  marbles(
    'is decided by the newest reading: one behind it changes nothing',
    ({ cold, chunk, settings, state, expectObservable }) => {
      const source = cold(' -a-b-c-|', {
        a: chunk(reads(41, 10)),
        b: chunk(reads(20, 9)),
        c: chunk(reads(20, 9), reads(50, 8)),
      });
      const result = '      -R-.-.-|';

      expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, { '.': nothing, R: raised('hot') });
    },
  );

  marbles('of readings at the same time, each decides', ({ cold, chunk, settings, state, expectObservable }) => {
    const source = cold(' -a-b-|', { a: chunk(reads(41, 10)), b: chunk(reads(20, 10)) });
    const result = '      -R-C-|';

    expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, { R: raised('hot'), C: cleared('hot') });
  });

  marbles(
    'is not decided by a record without a reading of its metric',
    ({ cold, chunk, settings, state, expectObservable }) => {
      const source = cold(' -a-b-|', { a: chunk(reads(41)), b: chunk({ readings: { humidity: 50 } }) });
      const result = '      -R-.-|';

      expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, { '.': nothing, R: raised('hot') });
    },
  );

  marbles(
    'is not decided by a reading that a check took out of statistics',
    ({ cold, chunk, settings, state, expectObservable }) => {
      const [a, b] = [chunk(reads(41)), chunk(reads(41))];
      for (const { value } of a.records) value.flags = [{ rule: 'step', metric: 0, isCounted: false }];
      for (const { value } of b.records) value.flags = [{ rule: 'step', metric: 0, isCounted: true }];
      const source = cold(' -a-b-|', { a, b });
      const result = '      -.-R-|';

      expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, { '.': nothing, R: raised('hot') });
    },
  );

  marbles(
    'sees several metrics together as they were newest at the record, also within one chunk',
    { rules: ruled("alerts: [{ id: both, when: 'temperature > 30.0 && humidity > 50.0' }]") },
    ({ cold, chunk, settings, state, expectObservable }) => {
      const at = (atMs: number, readings: Readonly<Record<string, number>>) => ({ atMs, readings });
      const source = cold(' -a-b-|', {
        a: chunk(at(5, { humidity: 60 }), at(3, { temperature: 31, humidity: 10 }), at(6, { humidity: 40 })),
        b: chunk(at(7, { temperature: 20 }), at(8, { humidity: 70 }), at(9, { temperature: 90 })),
      });
      const result = '      -X-Y-|';

      expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, {
        X: all(raised('both', { raisedOffset: 1, metric: '' }), cleared('both', { clearedOffset: 2 })),
        Y: raised('both', { raisedOffset: 5 }),
      });
    },
  );

  marbles(
    'asks an expression about the device alone with every record that is new',
    { rules: ruled('alerts: [{ id: broken, when: \'device.status == "broken"\' }]') },
    ({ cold, chunk, settings, state, expectObservable }) => {
      const at = (atMs: number, status: string) => chunk({ atMs, profile: { ...unknownProfile, status } });
      const source = cold(' -a-b-c-d-|', { a: at(5, 'ok'), b: at(6, 'broken'), c: at(3, 'ok'), d: at(7, 'ok') });
      const result = '      -.-R-.-C-|';

      expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, {
        '.': nothing,
        R: raised('broken', { raisedOffset: 1, metric: '' }),
        C: cleared('broken', { clearedOffset: 3 }),
      });
    },
  );

  marbles(
    'keeps rules and devices apart',
    { alerts: [hot, { ...hot, id: 'very', raise: 50, clear: 45 }] },
    ({ cold, chunk, settings, state, expectObservable }) => {
      const source = cold(' -a-b-c-|', {
        a: chunk(reads(41, 1, 'd1')),
        b: chunk(reads(60, 2, 'd2')),
        c: chunk(reads(44, 3, 'd2')),
      });
      const result = '      -R-B-C-|';

      expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, {
        R: raised('hot', { device: 'd1' }),
        B: all(raised('hot', { device: 'd2' }), raised('very', { device: 'd2' })),
        C: cleared('very', { device: 'd2' }),
      });
    },
  );

  it('has the episodes that its definition has', () => {
    const settings = testSettings();
    fc.assert(
      fc.property(logs(settings), (log) => {
        const { given, came } = inAndOut(alert, afterLatest, log, settings);
        const told = byKey(
          came.flatMap((chunk) => chunk.alerts),
          ({ id }) => id,
        );
        const expected = episodesOf(given, settings);
        expect([...told.keys()].sort()).toEqual(expected.map(({ id }) => id).sort());
        for (const { id, versions } of expected) expect(told.get(id)).toMatchObject(versions);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
