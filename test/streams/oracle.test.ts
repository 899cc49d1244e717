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
import { foldPartition } from '../e2e/oracle/fold.js';
import { type LogRecord, type Told, told as starter } from '../e2e/oracle/rules.js';
import { logs } from './logs.js';

const source = { topic: 'device-data', partition: 3 };
/** Windows that overlap and are of two sizes, a ladder, alerts that must last to count and to clear, and one on windows. */
const demanding: Told = {
  windows: [
    { id: 'half', sizeMs: 30_000, everyMs: 30_000, latenessMs: 10_000 },
    { id: 'hop', sizeMs: 60_000, everyMs: 20_000, latenessMs: 30_000 },
  ],
  dedupeMs: 90_000,
  alerts: [
    {
      ...{ id: 'hot', metric: 'temperature', maxOf: null, above: true, forMs: 2_000, keepForMs: 4_000 },
      levels: [
        { severity: 'info', raise: 5, clear: 3 },
        { severity: 'warning', raise: 20, clear: 15 },
        { severity: 'critical', raise: 40, clear: 38 },
      ],
    },
    {
      ...{ id: 'dry', metric: 'humidity', maxOf: null, above: false, forMs: 0, keepForMs: 3_000 },
      levels: [
        { severity: 'warning', raise: 60, clear: 62 },
        { severity: 'error', raise: 20, clear: 25 },
      ],
    },
    {
      ...{ id: 'full', metric: 'battery', maxOf: 'hop', above: true, forMs: 0, keepForMs: 0 },
      levels: [{ severity: 'warning', raise: 80, clear: 70 }],
    },
    {
      ...{ id: 'full-for-long', metric: 'battery', maxOf: 'half', above: true, forMs: 30_000, keepForMs: 30_000 },
      levels: [{ severity: 'warning', raise: 60, clear: 50 }],
    },
  ],
};

interface Way {
  readonly told: Told;
  readonly settings: PipelineSettings;
}

const settingsOf = (told: Told): PipelineSettings => {
  const loaded = rulesFromTexts([{ name: 'told.rules.yaml', text: rulesFile(told) }]);
  if (!isRight(loaded)) throw new Error(loaded.left.map(({ problem }) => problem).join('\n'));
  return settingsUnder(loaded.right.rules, defaultSettings());
};

const ways: readonly (readonly [name: string, way: Way])[] = [
  ['the starter pack', { told: starter, settings: defaultSettings() }],
  ['ladders, delays and windows that overlap', { told: demanding, settings: settingsOf(demanding) }],
];

/** What the service would have in the store: a log cut into chunks, a crash after some of them. */
const run = (settings: PipelineSettings, log: readonly LogRecord[], cuts: readonly Cut[]) => {
  const stored = {
    partition: null as string | null,
    devices: new Map<string, string>(),
    windows: new Map<string, unknown>(),
    alerts: new Map<string, Alert>(),
    dead: new Map<number, string>(),
    next: null as number | null,
  };
  const begin$ = (): Subject<Chunk<RawRecord>> => {
    const state = stored.partition === null ? PartitionState.empty(source) : PartitionState.restore(source, stored);
    const chunks$ = new Subject<Chunk<RawRecord>>();
    const store = (outcome: Outcome): void => {
      const { partition, devices } = state.snapshot();
      stored.partition = partition;
      for (const [id, text] of devices) stored.devices.set(id, text);
      for (const window of outcome.windows) {
        const { rule, device, metric, startMs } = window;
        if (window.isClosed)
          stored.windows.set(`${rule} ${device} ${metric} ${startMs}`, JSON.parse(windowText(window)));
      }
      for (const alert of newestVersions(outcome.alerts)) stored.alerts.set(alert.id, alert);
      for (const { origin, rejection } of outcome.rejected) stored.dead.set(origin.offset, rejection._tag);
      stored.next = outcome.next;
    };
    chunks$.pipe(devicePipeline(settings, state)).subscribe({ next: store, error: fail });
    return chunks$;
  };
  let running$ = begin$();
  let at = 0;
  for (let i = 0; at < log.length; i += 1) {
    const { size, isCrash } = cuts[i % cuts.length] ?? { size: 1, isCrash: false };
    const records = log.slice(at, at + size);
    at += records.length;
    const next = asOffset((records.at(-1)?.offset ?? 0) + 1);
    running$.next(chunkOf(source, records.map(rawOf), next));
    if (isCrash) running$ = begin$();
  }
  return stored;
};

const fail = (error: unknown): never => {
  throw error;
};

interface Cut {
  readonly size: number;
  readonly isCrash: boolean;
}

const rawOf = ({ offset, timestampMs, value }: LogRecord): RawRecord =>
  RawRecord.of({ offset: asOffset(offset), timestampMs, value });

const compared = ({ told, settings }: Way, log: readonly LogRecord[], cuts: readonly Cut[]) => {
  const expected = foldPartition(log, told);
  const stored = run(settings, log, cuts);
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

const cuts = fc.array(fc.record({ size: fc.integer({ min: 1, max: 60 }), isCrash: fc.boolean() }), {
  minLength: 1,
  maxLength: 12,
});

/** Finding the least log that shows a difference takes its time. */
const timeout = 120_000;

describe.each(ways)('the pipeline and an oracle that shares no code with it: %s', { timeout }, (name, way) => {
  it('agree on every device, window, alert, tally and dead letter of any log, however cut and crashed', () => {
    fc.assert(
      fc.property(logs, cuts, (log, cutting) => {
        const result = compared(way, log, cutting);
        expect(result.differences).toEqual([]);
        expect(result.dead.found).toEqual(result.dead.expected);
      }),
      { numRuns: Number(process.env['ORACLE_RUNS'] ?? 100) },
    );
  });

  it('agree about logs that hold everything there is to disagree about', () => {
    const seen = new Map<string, number>();
    const see = (what: string, count: number): void => void seen.set(what, (seen.get(what) ?? 0) + count);
    for (const log of fc.sample(logs, { numRuns: 150, seed: 1 })) {
      const expected = foldPartition(log, way.told);
      for (const [what, count] of Object.entries(expected.tally)) see(what, count);
      for (const reason of expected.dead.values()) see(`dead: ${reason}`, 1);
      for (const { isClosed, revision } of expected.windows) {
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
    const wanted = name === 'the starter pack' ? kinds : [...kinds, ...demandingKinds];
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
  'pending',
  'severity_raised',
  'severity_lowered',
  'recovering',
  'relapsed',
  'on windows',
].map((kind) => `alerts: ${kind}`);
