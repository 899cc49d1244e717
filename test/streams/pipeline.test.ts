import fc from 'fast-check';
import { right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { defer, map, pipe } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  atOnce,
  Log,
  logs,
  marbles,
  obeysStreamLaws,
  rawRecords,
  record,
  runLog,
  testSettings,
} from '../../marbles/kit/index.js';
import { defaultConfig } from '../../src/config/defaults.js';
import { throughRecords } from '../../streams/chunks/through-records.js';
import { type Chunk, type Tally, tallyOf } from '../../streams/model/chunk.js';
import type { Telemetry } from '../../streams/model/telemetry.js';
import { eachRecord } from '../../streams/operators/each-record.js';
import { devicePipeline, type OwnOperator } from '../../streams/pipeline.js';
import { memory } from '../../streams/state/partition-state.js';

/** A user's operator: what a device reads is smoothed, with the mean of its last reading and this one. */
const smoothed: OwnOperator = (settings, state) => (chunks$) =>
  defer(() => {
    const lastOf = state.ofDevice(lastReadings(settings.metrics.length));
    return chunks$.pipe(
      map((chunk) =>
        throughRecords<Telemetry, Telemetry>('smoothed', chunk, (one, draft) => {
          const { device, readings } = one.value;
          const last = lastOf(device);
          for (const [i, value] of readings.entries()) {
            if (Number.isNaN(value)) continue;
            readings[i] = (value + (last[i] ?? value)) / 2;
            last[i] = value;
          }
          state.touch(device);
          draft.keep(one);
        }),
      ),
    );
  });

const orNull = t.array(t.union([t.number, t.null]));
const lastReadings = (metrics: number) =>
  memory<(number | null)[], (number | null)[]>({
    name: 'smoothed',
    create: () => Array.from({ length: metrics }, () => null),
    stored: orNull,
    store: (last) => last,
    restore: (last) => last,
  });

/** … and one that can't bear a temperature of exactly 0. */
const fragile: OwnOperator = ({ metrics }) => {
  const temperature = metrics.findIndex(({ name }) => name === 'temperature');
  return eachRecord<Telemetry, Telemetry>((telemetry) => {
    if (telemetry.readings[temperature] === 0) throw new Error('zero is not borne');
    return right(telemetry);
  }, 'fragile');
};

const withOwn = (own?: OwnOperator) => (settings: Parameters<OwnOperator>[0], state: Parameters<OwnOperator>[1]) =>
  devicePipeline(settings, state, own);

describe('the whole pipeline', () => {
  obeysStreamLaws(withOwn(), { after: rawRecords });
});

describe('the whole pipeline with the settings the service starts with', () => {
  obeysStreamLaws(withOwn(), { after: rawRecords, runs: 50, settings: defaultConfig().pipeline });
});

describe("the whole pipeline with a user's operator that remembers", () => {
  obeysStreamLaws(withOwn(smoothed), { after: rawRecords });
});

describe("the whole pipeline with several of a user's operators, one of which throws", () => {
  const both: OwnOperator = (settings, state) => pipe(fragile(settings, state), smoothed(settings, state));
  obeysStreamLaws(withOwn(both), { after: rawRecords });
});

describe("a user's operator", () => {
  const run = (own: OwnOperator, values: readonly number[]) => {
    const log = new Log(values.map((temperature, offset) => record({ offset, readings: { temperature } })));
    return runLog(withOwn(own), testSettings(), log, atOnce);
  };

  it('stands between the clocks and the results: latest, windows and alerts see what it made', () => {
    const { settled, store } = run(smoothed, [20, 70]);
    expect(settled.flatMap(({ alerts }) => alerts)).toMatchObject([{ rule: 'hot', raisedValue: 45 }]);
    expect(JSON.parse(store.devices.get('d1') ?? '')).toMatchObject({
      latest: { values: { temperature: 45 } },
      window: { window: ['t10000', [{ rows: { temperature: [2, 65, 20, 45, 312.5, 0, 20, 1_000, 45, 0] } }]] },
    });
  });

  it('that throws makes a dead letter of that record alone, and the chunk goes on', () => {
    const { settled, store } = run(fragile, [20, 0, 21]);
    const letters = settled.flatMap(({ rejected }) => rejected);
    expect(letters.map(({ origin, rejection }) => [origin.offset, rejection])).toEqual([
      [1, { _tag: 'faulted', stage: 'fragile', message: 'fragile threw: zero is not borne' }],
    ]);
    expect(settled.flatMap(({ records }) => records.map(({ origin }) => origin.offset))).toEqual([0, 2]);
    expect(JSON.parse(store.partition ?? '')).toMatchObject({ tally: { read: 3, counted: 2, dead: 1 } });
    expect(JSON.parse(store.devices.get('d1') ?? '')).toMatchObject({
      window: { window: ['t10000', [{ rows: { temperature: [2, 41, 20, 21, 0.5, 0, 20, 2_000, 21, 0] } }]] },
    });
  });
});

describe('tallies', () => {
  const sum = ({ counted, duplicate, late, dead, skipped }: Tally): number =>
    counted + duplicate + late + dead + skipped;

  it('add up for every chunk and in the state, whatever a log holds and whoever throws', () => {
    const settings = testSettings();
    fc.assert(
      fc.property(logs(settings), fc.array(fc.nat({ max: 4 }), { minLength: 1 }), (log, sizes) => {
        const { settled, store } = runLog(withOwn(fragile), settings, log, { sizes, then: [] });
        for (const chunk of settled) expect(sum(tallyOf(chunk))).toBe(chunk.read);
        const { tally } = JSON.parse(store.partition ?? '') as { tally: Tally };
        expect(tally.read).toBe(log.records.length);
        expect(sum(tally)).toBe(log.records.length);
      }),
      { seed: 1 },
    );
  });
});

describe('a record', () => {
  const formats = ['nested', 'flat', 'envelope'] as const;

  marbles('counts in each of the three formats alike', ({ cold, rawChunk, settings, state, expectObservable }) => {
    const readings = { temperature: 21, battery: 0 };
    const said = formats.map((format) => ({ format, readings, messageId: format === 'envelope' ? 'm' : null }));
    const source = cold(' -a-|', { a: rawChunk(...said) });
    const result = '      -x-|';

    const seen = ({ records }: Chunk<Telemetry>) => records.map(({ value }) => [value.format, ...value.readings]);
    expectObservable(source.pipe(devicePipeline(settings, state), map(seen))).toBe(result, {
      x: formats.map((format) => [format, 21, NaN, 0]),
    });
  });
});
