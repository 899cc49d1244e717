import fc from 'fast-check';
import { pipe } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Alert, AlertReason } from '../streams/model/alert.js';
import { alert } from '../streams/operators/alert.js';
import { detect } from '../streams/operators/detect.js';
import { latest } from '../streams/operators/latest.js';
import { window } from '../streams/operators/window.js';
import { Log, logs, ownPlace, record, testSettings } from './kit/index.js';
import { floodsOf } from './reference/floods.js';
import { byKey, inAndOut } from './reference/in-and-out.js';
import { livesOf } from './reference/lives.js';
import { ruled } from './reference/rules.js';

const afterDetect: typeof ownPlace = (settings, state) =>
  pipe(ownPlace(settings, state), latest(settings.metrics, state), window(settings, state), detect(settings, state));

const episodeOf = ({ rule, device }: Alert): string => `${rule} ${device}`;

describe('alerts with patience', () => {
  const rules = ruled(`
alerts:
  - { id: at-once, on: temperature, above: { raise: 40, clear: 38 } }
  - { id: patient, on: temperature, above: { raise: 40, clear: 38 }, for: 3s }
  - { id: faithful, on: temperature, above: { raise: 40, clear: 38 }, keep_for: 4s }
  - { id: both, on: humidity, below: { raise: 50, clear: 50.1 }, for: 1s, keep_for: 2s }
`);

  it('rise, recover, relapse and clear when their definition says', () => {
    const settings = testSettings({ rules });
    fc.assert(
      fc.property(logs(settings), (log) => {
        const { given, came } = inAndOut(alert, afterDetect, log, settings);
        const told = came.flatMap(({ alerts }) => alerts);
        const found = told.map(({ rule, device, reason, history }) => [rule, device, reason, history.at(-1)?.offset]);
        const wanted = livesOf(given, rules).map(({ rule, device, reason, offset }) => [rule, device, reason, offset]);
        expect(found.map(String).sort()).toEqual(wanted.map(String).sort());
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('alerts of every kind', () => {
  const rules = ruled(`
windows:
  - { id: hops, metrics: [temperature, humidity], hopping: { size: 10s, every: 2s }, allowed_lateness: 4s }
  - { id: three, metrics: [humidity], count: 3 }
detect:
  - { id: odd, metrics: [temperature], detector: ewma, threshold: 0.6, settings: { warmUp: 2 } }
alerts:
  - id: ladder
    on: temperature
    levels:
      - { severity: info, above: { raise: 0, clear: -10 } }
      - { severity: warning, above: { raise: 40, clear: 38 } }
      - { severity: critical, above: { raise: 75, clear: 70 } }
    for: 1s
    keep_for: 3s
  - { id: often, on: humidity, below: { raise: 20, clear: 22 }, m_of_n: [2, 3], match: { type: sensor } }
  - { id: mean, on: { window: hops, metric: temperature, statistic: mean }, above: { raise: 20, clear: 10 } }
  - { id: least, on: { window: hops, metric: humidity, statistic: min }, below: { raise: 30 } }
  - { id: three-low, on: { window: three, metric: humidity, statistic: last }, below: { raise: 50 } }
  - { id: odd-now, on: { detector: odd }, above: { raise: 0.6, clear: 0.3 } }
  - { id: pair, when: 'temperature > 40.0 && humidity < 30.0', until: 'temperature < 38.0 || humidity > 30.0' }
`);
  const settings = testSettings({ rules });
  /** By the state before what may come next. */
  const next: Readonly<Record<Alert['state'] | 'normal', readonly AlertReason[]>> = {
    normal: ['raised'],
    active: ['severity_raised', 'severity_lowered', 'recovering', 'cleared', 'no_longer_matches'],
    recovering: ['severity_raised', 'severity_lowered', 'relapsed', 'cleared', 'no_longer_matches'],
    cleared: ['raised'],
  };

  it('are one episode at a time, told in order from version 1 on, under an id of its own', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(logs(settings, 80), (log) => {
        const { came } = inAndOut(alert, afterDetect, log, settings);
        const told = came.flatMap(({ alerts }) => alerts);
        const ids = new Set<string>();
        for (const versions of byKey(told, episodeOf).values()) {
          for (const [i, now] of versions.entries()) {
            const before = versions[i - 1];
            seen.add(now.reason);
            expect(next[before?.state ?? 'normal']).toContain(now.reason);
            const isOver = now.reason === 'cleared' || now.reason === 'no_longer_matches';
            expect([now.state === 'cleared', now.clearedAtMs !== null, now.clearedOffset !== null]).toEqual([isOver, isOver, isOver]); // prettier-ignore
            expect(now.history.at(-1)).toMatchObject({ version: now.version, reason: now.reason, state: now.state, severity: now.severity }); // prettier-ignore
            if (now.reason === 'raised' || before === undefined) {
              expect(ids).not.toContain(now.id);
              ids.add(now.id);
              expect(now.version).toBe(1);
              expect(now.id).toMatch(new RegExp(`^${now.rule}@${now.device}@(\\d@)?law-0-${now.raisedOffset}$`));
              continue;
            }
            const { id, raisedAtMs, raisedOffset, raisedValue, message } = before;
            expect(now).toMatchObject({ id, raisedAtMs, raisedOffset, raisedValue, version: before.version + 1 });
            if (now.reason !== 'severity_raised') expect(now.message).toBe(message);
            expect(now.history.slice(-16)).toEqual([...before.history, now.history.at(-1)].slice(-16));
            expect(now.peakValue ?? 0).toSatisfy((peak: number) =>
              now.rule === 'often' || now.rule === 'least' || now.rule === 'three-low'
                ? peak <= (before.peakValue ?? 0)
                : peak >= (before.peakValue ?? 0),
            );
          }
        }
      }),
      { seed: 1, numRuns: 300 },
    );
    expect([...seen].sort()).toEqual([...new Set(Object.values(next).flat())].sort());
  });
});

describe('floods', () => {
  const rules = ruled(`
alerts:
  - { id: hot, on: temperature, above: { raise: 40, clear: 38 }, flood: { by: all, most: 2, per: 10s } }
`);
  const settings = testSettings({ rules });
  const step = fc.record({
    device: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    afterMs: fc.constantFrom(0, 0, 500, 2_000, 9_999, 10_000),
    temperature: fc.constantFrom(20, 41, 41),
  });

  it('show the first of a group, then one summary that stands for the others, until a whole period is quiet', () => {
    let summaries = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let atMs = 1_700_000_000_000;
        const all = steps.map(({ device, afterMs, temperature }, offset) => {
          atMs += afterMs;
          return record({ device, offset, atMs, readings: { temperature } });
        });
        const { given, came } = inAndOut(alert, afterDetect, new Log(all), settings);
        const told = came.flatMap(({ alerts }) => alerts);
        const raises = told.filter(({ reason, rule }) => rule === 'hot' && reason === 'raised');
        const wanted = floodsOf(given, raises, { most: 2, perMs: 10_000 });
        summaries += wanted.summaries.length;
        expect(raises.map(({ flood }) => flood)).toEqual(wanted.floods);
        const seen = told
          .filter(({ rule }) => rule === 'flood')
          .map(({ id, version, state }) => ({ id, version, state }));
        expect(seen).toEqual(wanted.summaries);
      }),
      { seed: 1, numRuns: 300 },
    );
    expect(summaries).toBeGreaterThan(100);
  });
});
