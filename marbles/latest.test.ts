import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Telemetry } from '../streams/model/telemetry.js';
import { latest } from '../streams/operators/latest.js';
import { type Latest, latestMemory, readingsOf } from '../streams/state/latest-memory.js';
import { PartitionState } from '../streams/state/partition-state.js';
import {
  logs,
  marbles,
  obeysStreamLaws,
  type Operator,
  ownPlace,
  type TelemetryParts,
  testSettings,
} from './kit/index.js';
import { byKey, inAndOut, present } from './reference/in-and-out.js';

const operator: Operator<Telemetry, Telemetry> = ({ metrics }, state) => latest(metrics, state);

const { metrics } = testSettings();

/** As a restart finds it. */
const remembered = (state: PartitionState, device = 'd1'): Latest => {
  const again = PartitionState.restore(state.source, state.snapshot());
  return again.ofDevice(latestMemory(metrics))(again.device(device));
};
const readings = (state: PartitionState, device = 'd1') => readingsOf(remembered(state, device), metrics);

const temperature = (atMs: number, value: number) => ({ atMs, readings: { temperature: value } });
const flag = (rule: string, metric: number) => ({ rule, metric, isCounted: true });
const profile = { type: 'sensor', status: 'online', location: null, info: null };

describe('latest', () => {
  obeysStreamLaws(operator);

  marbles(
    'remembers the newest reading of each metric',
    ({ cold, chunk, settings, state, expectObservable, expectSubscriptions, flush }) => {
      const [a, b] = [chunk(temperature(2, 20)), chunk(temperature(5, 21))];
      const c = chunk({ atMs: 3, readings: { temperature: 19, humidity: 40 } });
      const source = cold(' -a-b-c-|', { a, b, c });
      const subs = '        ^------!';
      const result = '      -a-b-c-|';

      expectObservable(source.pipe(operator(settings, state))).toBe(result, { a, b, c });
      expectSubscriptions(source.subscriptions).toBe(subs);
      flush();
      expect(readings(state)).toEqual({
        temperature: { value: 21, atMs: 5 },
        humidity: { value: 40, atMs: 3 },
      });
    },
  );

  const after = (
    what: string,
    chunks: readonly (readonly TelemetryParts[])[],
    check: (state: PartitionState) => void,
  ) => {
    marbles(what, ({ cold, chunk, settings, state, expectObservable, flush }) => {
      const letters = Object.fromEntries(chunks.map((said, i) => ['abc'[i] ?? '', chunk(...said)]));
      const marble = `-${Object.keys(letters).join('-')}-|`;
      expectObservable(cold(marble, letters).pipe(operator(settings, state))).toBe(marble, letters);
      flush();
      check(state);
    });
  };

  after(
    'of equal times the later record wins',
    [[temperature(2, 20), temperature(2, 21)], [temperature(2, 22)]],
    (state) => {
      expect(readings(state)).toEqual({ temperature: { value: 22, atMs: 2 } });
    },
  );

  after(
    'takes zero as a value and what is absent as nothing',
    [[temperature(1, 20)], [{ atMs: 2, readings: { temperature: 0 } }], [{ atMs: 3, readings: { humidity: 5 } }]],
    (state) => {
      expect(readings(state)).toEqual({
        temperature: { value: 0, atMs: 2 },
        humidity: { value: 5, atMs: 3 },
      });
    },
  );

  after(
    'takes quality and profile from the record with the newest time',
    [[{ atMs: 2, quality: 'bad', profile }], [{ atMs: 1, quality: 'good' }]],
    (state) => {
      expect(remembered(state)).toMatchObject({ eventTimeMs: 2, quality: 'bad', profile });
    },
  );

  after(
    'remembers the offset of the last record folded, whatever its time',
    [[temperature(9, 1)], [temperature(1, 1)]],
    (state) => {
      expect(remembered(state).offset).toBe(1);
    },
  );

  after(
    'keeps devices apart',
    [
      [
        { atMs: 1, device: 'd1' },
        { atMs: 1, device: 'd2', readings: { battery: 7 } },
      ],
    ],
    (state) => {
      expect(readings(state, 'd2')).toEqual({ battery: { value: 7, atMs: 1 } });
    },
  );

  marbles(
    'marks the readings that came behind a newer one',
    ({ cold, chunk, settings, state, expectObservable, flush }) => {
      const a = chunk(temperature(5, 20), { atMs: 3, readings: { temperature: 19, humidity: 40 } }, temperature(5, 21));
      expectObservable(cold('-a-|', { a }).pipe(operator(settings, state))).toBe('-a-|', { a });
      flush();
      expect(a.records.map(({ value }) => value.outdated)).toEqual([null, [0], null]);
    },
  );

  after(
    'remembers which checks the newest reading of a metric broke, until a newer one breaks none',
    [
      [
        { atMs: 1, readings: { temperature: 90, humidity: 50 }, flags: [flag('jump', 0), flag('odd', -1)] },
        { atMs: 0, readings: { temperature: 91 }, flags: [flag('late', 0)] },
        { atMs: 2, readings: { humidity: 51 } },
      ],
    ],
    (state) => {
      expect(remembered(state).flags).toEqual({ temperature: ['jump'] });
    },
  );

  it('remembers what sorting every reading by time and offset puts last', () => {
    const settings = testSettings();
    fc.assert(
      fc.property(logs(settings), (log) => {
        const { given, stored } = inAndOut(operator, ownPlace, log, settings);
        for (const [device, records] of byKey(given, ({ value }) => value.device.id)) {
          const sorted = [...records].sort(
            (a, b) => a.value.eventTimeMs - b.value.eventTimeMs || a.origin.offset - b.origin.offset,
          );
          const readings = sorted.flatMap(({ value }) =>
            present(value).map(
              ([metric, reading]) =>
                [settings.metrics[metric]?.name ?? '', { value: reading, atMs: value.eventTimeMs }] as const,
            ),
          );
          const newest = sorted.at(-1)?.value;
          const last = Object.entries(Object.fromEntries(readings));
          const ages = last.map(([name, { atMs }]) => [name, (newest?.eventTimeMs ?? NaN) - atMs] as const);
          expect(stored.get(device)).toMatchObject({
            latest: {
              eventTimeMs: newest?.eventTimeMs,
              ...(newest?.quality !== 'good' && { quality: newest?.quality }),
              offset: records.at(-1)?.origin.offset,
              values: Object.fromEntries(last.map(([name, { value }]) => [name, value])),
              ...(ages.some(([, ageMs]) => ageMs > 0) && {
                agesMs: Object.fromEntries(ages.filter(([, ageMs]) => ageMs > 0)),
              }),
            },
          });
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
