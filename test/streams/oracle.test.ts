import { isRight } from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { windowText } from '../../src/results/stored-texts.js';
import { defaultSettings } from '../../src/rules/default-settings.js';
import { rulesFromTexts } from '../../src/rules/load.js';
import { newestVersions } from '../../src/service/gathered.js';
import type { Alert } from '../../streams/model/alert.js';
import { chunkOf, type Chunk, type Outcome } from '../../streams/model/chunk.js';
import { RawRecord } from '../../streams/model/raw-record.js';
import { asOffset } from '../../streams/model/units.js';
import { devicePipeline } from '../../streams/pipeline.js';
import { type PipelineSettings, settingsUnder } from '../../streams/rules/settings.js';
import { PartitionState } from '../../streams/state/partition-state.js';
import { differences } from '../e2e/compare/partition.js';
import { rulesFile } from '../e2e/chaos/told.js';
import { isCleared } from '../e2e/oracle/episodes.js';
import { foldPartition, type ToldSpan } from '../e2e/oracle/fold.js';
import { type LogRecord, type Told, told as starter } from '../e2e/oracle/rules.js';
import { logs } from './logs.js';
import { bursts, changing, demanding } from './oracle-rules.js';

const source = { topic: 'device-data', partition: 3 };

interface Way {
  readonly told: Told;
  readonly settings: PipelineSettings;
}

const settingsOf = (told: Told): PipelineSettings => {
  const loaded = rulesFromTexts([{ name: 'told.rules.yaml', text: rulesFile(told) }]);
  if (!isRight(loaded)) throw new Error(loaded.left.map(({ problem }) => problem).join('\n'));
  return settingsUnder(loaded.right.rules, defaultSettings());
};

const wayOf = (told: Told): Way => ({ told, settings: settingsOf(told) });

/** More than one: the rules change now and then. */
const ways: readonly (readonly [name: string, ways: readonly Way[]])[] = [
  ['the starter pack', [{ told: starter, settings: defaultSettings() }]],
  ['ladders, delays and windows of every kind', [wayOf(demanding)]],
  ['sessions and windows of a count alone', [wayOf(bursts)]],
  ['rules that change', changing.map(wayOf)],
];

/** What the service would have in the store: a log cut into chunks, a crash after some of them, and perhaps other rules from there on. */
const run = (all: readonly Way[], log: readonly LogRecord[], cuts: readonly Cut[]) => {
  const spans: ToldSpan[] = [];
  const stored = {
    partition: null as string | null,
    devices: new Map<string, string>(),
    windows: new Map<string, unknown>(),
    alerts: new Map<string, Alert>(),
    dead: new Map<number, string>(),
    next: null as number | null,
  };
  const begin$ = (since: number, turn: number): Subject<Chunk<RawRecord>> => {
    const { told, settings } = all[turn % all.length] ?? wayOf(starter);
    spans.push({ since, told });
    const state = stored.partition === null ? PartitionState.empty(source) : PartitionState.restore(source, stored);
    const chunks$ = new Subject<Chunk<RawRecord>>();
    const store = (outcome: Outcome): void => {
      const { partition, devices } = state.snapshot();
      stored.partition = partition;
      for (const [id, text] of devices) stored.devices.set(id, text);
      for (const window of outcome.windows) {
        const { rule, device, metric, startMs, endMs } = window;
        if (window.isClosed)
          stored.windows.set(`${rule} ${device} ${metric} ${startMs} ${endMs}`, JSON.parse(windowText(window)));
      }
      for (const alert of newestVersions(outcome.alerts)) stored.alerts.set(alert.id, alert);
      for (const { origin, rejection } of outcome.rejected) stored.dead.set(origin.offset, rejection._tag);
      stored.next = outcome.next;
    };
    chunks$.pipe(devicePipeline(settings, state)).subscribe({ next: store, error: fail });
    return chunks$;
  };
  let running$ = begin$(0, 0);
  let at = 0;
  for (let i = 0; at < log.length; i += 1) {
    const { size, isCrash, turn } = cuts[i % cuts.length] ?? { size: 1, isCrash: false, turn: 0 };
    const records = log.slice(at, at + size);
    at += records.length;
    const next = asOffset((records.at(-1)?.offset ?? 0) + 1);
    running$.next(chunkOf(source, records.map(rawOf), next));
    if (isCrash) running$ = begin$(next, turn);
  }
  return { stored, spans };
};

const fail = (error: unknown): never => {
  throw error;
};

interface Cut {
  readonly size: number;
  readonly isCrash: boolean;
  /** By which of the rules it goes on after a crash. */
  readonly turn: number;
}

const rawOf = ({ offset, timestampMs, value }: LogRecord): RawRecord =>
  RawRecord.of({ offset: asOffset(offset), timestampMs, value });

const compared = (all: readonly Way[], log: readonly LogRecord[], cuts: readonly Cut[]) => {
  const { stored, spans } = run(all, log, cuts);
  const expected = foldPartition(log, spans);
  const found = {
    next: stored.next,
    own: JSON.parse(stored.partition ?? 'null') as unknown,
    devices: new Map([...stored.devices].map(([id, text]) => [id, JSON.parse(text) as unknown])),
    windows: stored.windows,
    alerts: stored.alerts,
    indexes: null,
  };
  return {
    expected,
    differences: differences({ ...source, expected, found, keepWindows: Infinity, keepAlerts: Infinity }),
    dead: { found: stored.dead, expected: expected.dead },
  };
};

const cuts = fc.array(fc.record({ size: fc.integer({ min: 1, max: 60 }), isCrash: fc.boolean(), turn: fc.nat(3) }), {
  minLength: 1,
  maxLength: 12,
});

/** Finding the least log that shows a difference takes its time; nobody but itself can end it. */
const timeout = 120_000;
const interruptAfterTimeLimit = 100_000;

describe.each(ways)('the pipeline and an oracle that shares no code with it: %s', { timeout }, (name, all) => {
  it('agree on every device, window, alert, tally and dead letter of any log, however cut and crashed', () => {
    fc.assert(
      fc.property(logs, cuts, (log, cutting) => {
        const result = compared(all, log, cutting);
        expect(result.differences).toEqual([]);
        expect(result.dead.found).toEqual(result.dead.expected);
      }),
      { numRuns: Number(process.env['ORACLE_RUNS'] ?? 100), interruptAfterTimeLimit },
    );
  });

  it('agree about logs that hold everything there is to disagree about', () => {
    const seen = new Map<string, number>();
    const see = (what: string, count: number): void => void seen.set(what, (seen.get(what) ?? 0) + count);
    for (const log of fc.sample(logs, { numRuns: 150, seed: 1 })) {
      const part = Math.ceil(log.length / all.length);
      const spans = all.map(({ told }, i) => ({ since: log[i * part]?.offset ?? Infinity, told }));
      const expected = foldPartition(log, spans);
      for (const [what, count] of Object.entries(expected.tally)) see(what, count);
      for (const reason of expected.dead.values()) see(`dead: ${reason}`, 1);
      for (const { rule, isClosed, isCut, revision, joins } of expected.windows) {
        if (rule._tag !== 'aligned') see(`windows: ${rule._tag} ${isClosed ? 'closed' : 'open'}`, 1);
        if (rule._tag === 'session' && revision > 1) see('windows: session corrected', 1);
        see('windows: merged sessions', joins);
        if (isCut) see(`windows: ${rule._tag} cut`, 1);
        see(isClosed ? 'windows: closed' : 'windows: open', 1);
        if (isClosed && revision > 1) see('windows: corrected', 1);
      }
      for (const alert of expected.alerts) {
        see(isCleared(alert) ? 'alerts: cleared' : 'alerts: open', 1);
        if (alert.peak !== alert.raised.value) see('alerts: with a peak', 1);
        if (alert.rule.maxOf !== null) see('alerts: on windows', 1);
        for (const { reason } of alert.steps) see(`alerts: ${reason}`, 1);
      }
      for (const device of expected.devices.values()) {
        see(`quality: ${device.quality}`, 1);
        if (device.watermarkMs > device.eventTimeMs) see('devices: closed by log time', 1);
      }
      if (expected.logTime.ahead.length > 0) see('log time: jump not believed', 1);
    }
    const changes = all.length === 1 ? [] : changeKinds;
    const wanted = name === 'the starter pack' ? kinds : [...kinds, ...demandingKinds, ...changes];
    expect(wanted.filter((kind) => (seen.get(kind) ?? 0) === 0)).toEqual([]);
  });
});

const kinds: readonly string[] = [
  ...['counted', 'duplicate', 'late', 'dead', 'skipped'],
  ...['empty', 'not_json', 'truncated', 'invalid_utf8', 'not_object', 'too_deep', 'too_large', 'forbidden_key'].map(
    (reason) => `dead: ${reason}`,
  ),
  ...['schema', 'out_of_range', 'unknown_unit', 'bad_id', 'late'].map((reason) => `dead: ${reason}`),
  ...['ts_missing', 'ts_unit', 'tz_missing', 'ts_future', 'ts_past'].map((reason) => `dead: ${reason}`),
  ...['windows: closed', 'windows: open', 'windows: corrected'],
  ...['alerts: raised', 'alerts: open', 'alerts: cleared', 'alerts: with a peak'],
  ...['quality: good', 'quality: uncertain', 'quality: bad'],
  ...['devices: closed by log time', 'log time: jump not believed'],
];

const demandingKinds: readonly string[] = [
  ...['session closed', 'session open', 'session corrected', 'merged sessions', 'count closed', 'count open'].map(
    (kind) => `windows: ${kind}`,
  ),
  ...['pending', 'severity_raised', 'severity_lowered', 'recovering', 'relapsed', 'on windows'].map(
    (kind) => `alerts: ${kind}`,
  ),
];

const changeKinds: readonly string[] = [
  ...['aligned cut', 'session cut', 'count cut'].map((kind) => `windows: ${kind}`),
  'alerts: rule_removed',
];
