import { from, lastValueFrom, pipe, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Telemetry } from '../streams/model/telemetry.js';
import { alert } from '../streams/operators/alert.js';
import { detect } from '../streams/operators/detect.js';
import { latest } from '../streams/operators/latest.js';
import {
  all,
  Builders,
  found,
  marbles,
  nothing,
  obeysStreamLaws,
  type Operator,
  ownPlace,
  testSettings,
} from './kit/index.js';
import { ruled } from './reference/rules.js';

const several = ruled(`
detect:
  - { id: odd, metrics: [temperature, humidity], detector: ewma, threshold: 0.6, settings: { warmUp: 2 } }
  - { id: jump, metrics: [temperature], detector: rate-of-change }
  - { id: stuck, metrics: [battery], detector: flatline }
  - { id: shift, metrics: [humidity], detector: cusum, settings: { warmUp: 3 }, match: { type: sensor } }
  - { id: quiet, metrics: [temperature], detector: silence, settings: { warmUp: 2 } }
  - { id: skew, metrics: [temperature], detector: clock-skew }
alerts:
  - { id: odd-now, on: { detector: odd, metric: humidity }, above: { raise: 0.7, clear: 0.3 } }
`);
const odd = ruled(`
detect:
  - { id: odd, metrics: [temperature], detector: ewma, threshold: 0.9, settings: { warmUp: 2 } }
`);
const heard = ruled(`
detect:
  - { id: odd, metrics: [temperature], detector: ewma, threshold: 0.9, settings: { warmUp: 2 } }
alerts:
  - { id: odd-now, on: { detector: odd }, above: { raise: 0.9 } }
`);
const quiet = ruled(`
detect:
  - { id: quiet, metrics: [temperature], detector: silence, settings: { warmUp: 2 } }
`);

const gone = ruled(`
detect:
  - { id: quiet, metrics: [temperature], detector: silence, settings: { warmUp: 2 } }
alerts:
  - { id: gone, on: { detector: quiet }, above: { raise: 0.8, clear: 0.3 } }
`);

const afterLatest: typeof ownPlace = (settings, state) =>
  pipe(ownPlace(settings, state), latest(settings.metrics, state));
const behindLatest: Operator<Telemetry, Telemetry> = (settings, state) =>
  pipe(latest(settings.metrics, state), detect(settings, state));

const reads = (temperature: number, atMs?: number) => ({
  readings: { temperature },
  ...(atMs === undefined ? {} : { atMs }),
});
const steady = Array.from({ length: 20 }, () => reads(20));

describe('detect', () => {
  obeysStreamLaws(detect, { after: afterLatest, settings: { rules: several } });

  marbles(
    'tells a reading that is far from what came before it, and the band in which it was expected',
    { rules: odd },
    ({ cold, chunk, settings, state, expectObservable, expectSubscriptions }) => {
      const [a, b, c] = [chunk(...steady, reads(20)), chunk(reads(20)), chunk(reads(90))];
      const source = cold(' -a-b-c-|', { a, b, c });
      const subs = '        ^------!';
      const result = '      -a-b-F-|';

      const expected = { detector: 'ewma', device: 'd1', metric: 'temperature', atMs: 22, value: 90 };
      const band = { low: 20 - 8e-8, high: 20 + 8e-8 };
      expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, {
        a,
        b,
        F: all(c, found('odd', { ...expected, ...band })),
      });
      expectSubscriptions(source.subscriptions).toBe(subs);
    },
  );

  marbles(
    'tells once more that a score no longer reaches the threshold',
    { rules: odd },
    ({ cold, chunk, settings, state, expectObservable }) => {
      const source = cold(' -a-b-c-d-|', {
        a: chunk(...steady),
        b: chunk(reads(90)),
        c: chunk(reads(20)),
        d: chunk(reads(20)),
      });
      const result = '      -.-F-O-.-|';

      expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, {
        '.': nothing,
        F: found('odd', { value: 90 }),
        O: found('odd', { value: 20, isFinding: false }),
      });
    },
  );

  marbles(
    'tells every score where an alert listens',
    { rules: heard },
    ({ cold, chunk, settings, state, expectObservable }) => {
      const source = cold(' -a-b-|', { a: chunk(reads(20)), b: chunk(reads(21)) });
      const result = '      -A-B-|';

      expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, {
        A: found('odd', { value: 20, score: 0, isFinding: false }),
        B: found('odd', { value: 21, score: 0, isFinding: false }),
      });
    },
  );

  marbles(
    'does not judge what came behind a newer reading, or what a check took out of statistics',
    { rules: heard },
    ({ cold, chunk, settings, state, expectObservable }) => {
      const [a, b] = [chunk(reads(20, 10), reads(20, 9)), chunk(reads(20, 11))];
      for (const { value } of b.records) value.flags = [{ rule: 'step', metric: 0, isCounted: false }];
      const source = cold(' -a-b-|', { a, b });
      const result = '      -A-.-|';

      expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, {
        '.': nothing,
        A: found('odd', { atMs: 10, isFinding: false }),
      });
    },
  );

  marbles(
    'tells once of each device that log time finds silent, in order of their ids, and that it is back',
    { rules: quiet },
    ({ cold, chunk, settings, state, expectObservable }) => {
      const beats = (device: string) => [0, 1_000, 2_000, 3_000].map((atMs) => ({ ...reads(20, atMs), device }));
      const later = (device: string, atMs: number) => chunk({ ...reads(20, atMs), device });
      const source = cold(' -a-b-c-d-|', {
        a: chunk(...beats('z'), ...beats('b'), ...beats('a')),
        b: later('a', 15_000),
        c: later('a', 16_000),
        d: later('a', 17_000),
      });
      const result = '      -.-Q-B-.-|';

      const silent = { metric: 'temperature', value: null, atMs: 15_000 };
      expectObservable(source.pipe(behindLatest(settings, state))).toBe(result, {
        '.': nothing,
        Q: all(
          found('quiet', { ...silent, device: 'a' }),
          found('quiet', { ...silent, device: 'b' }),
          found('quiet', { ...silent, device: 'z' }),
          found('quiet', { device: 'a', value: 20, atMs: 15_000 }),
        ),
        B: found('quiet', { device: 'a', value: 20, atMs: 16_000, isFinding: false }),
      });
    },
  );

  it('tells a silence that lasts again, until an alert that waits for a higher score is raised', async () => {
    const { settings, state, chunk } = new Builders(testSettings({ rules: gone }));
    const beats = (device: string, from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => ({ ...reads(20, (from + i) * 1_000), device }));
    const chunks = [chunk(...beats('b', 0, 5)), chunk(...beats('a', 0, 10)), chunk(...beats('a', 10, 60))];
    const whole$ = from(chunks).pipe(behindLatest(settings, state), alert(settings, state), toArray());
    const outcomes = await lastValueFrom(whole$, { defaultValue: [] });
    const alerts = outcomes.flatMap((outcome) => outcome.alerts);
    // 20 s are four times what it may be late; a second score is told only when it has come a fifth nearer to 1.
    expect(alerts).toMatchObject([{ rule: 'gone', device: 'b', state: 'active', version: 1 }]);
    expect((alerts[0]?.raisedAtMs ?? 0) - 4_000).toBeGreaterThanOrEqual(20_000);
    expect((alerts[0]?.raisedAtMs ?? 0) - 4_000).toBeLessThanOrEqual(26_000);
    const ofSilent = outcomes
      .flatMap(({ findings }) => findings)
      .filter(({ device, value }) => device === 'b' && value === null);
    expect(ofSilent.length).toBeLessThan(12);
  });
});
