import * as t from 'io-ts';
import { describe, expect, test } from 'vitest';
import type { ServiceEvent } from '../../../src/events.js';
import { createLogger } from '../../../src/ops/logger.js';
import { createReport } from '../../../src/ops/report.js';
import { asOffset } from '../../../streams/model/units.js';

const source = { topic: 'device-data', partition: 3 };

/** One of each; the compiler sees to it that none is missing. */
const oneOfEach: { readonly [K in ServiceEvent['_tag']]: Extract<ServiceEvent, { readonly _tag: K }> } = {
  started: { _tag: 'started', detail: 'http://127.0.0.1:8080' },
  waiting: { _tag: 'waiting', what: 'Redis at 127.0.0.1:6379', afterMs: 2_000 },
  stopping: { _tag: 'stopping', why: 'SIGTERM' },
  stopped: { _tag: 'stopped', afterMs: 12 },
  alerts_undelivered: { _tag: 'alerts_undelivered', alerts: 3, message: 'webhook: answered 500', attempts: 12 },
  group_joined: { _tag: 'group_joined', session: 2, partitions: [source] },
  partition_revoked: { _tag: 'partition_revoked', source, why: 'rebalance' },
  source_crashed: { _tag: 'source_crashed', message: 'broker gone', willRestart: true },
  source_rebuilt: { _tag: 'source_rebuilt', attempt: 1, why: 'no progress' },
  position_moved: { _tag: 'position_moved', source, from: asOffset(1), to: asOffset(2) },
  data_loss: { _tag: 'data_loss', source, from: asOffset(1), to: asOffset(5), records: 4, why: 'retention' },
  partition_halted: { _tag: 'partition_halted', source, offset: asOffset(9), why: 'not decompressible' },
  partition_paused: { _tag: 'partition_paused', source, why: 'store_refused' },
  partition_resumed: { _tag: 'partition_resumed', source },
  acquired: { _tag: 'acquired', source, epoch: 4, next: null, devices: 10, tookMs: 3 },
  fenced: { _tag: 'fenced', source, epoch: 4 },
  rolled_back: { _tag: 'rolled_back', source, expected: asOffset(8), found: null },
  settle_overdue: { _tag: 'settle_overdue', source, afterMs: 5000 },
  store_refused: { _tag: 'store_refused', source, message: 'OOM', attempt: 1 },
  store_recovered: { _tag: 'store_recovered', source, afterMs: 900 },
  store_warning: { _tag: 'store_warning', message: 'no AOF' },
  store_disconnected: { _tag: 'store_disconnected', message: 'ECONNRESET' },
  store_connected: { _tag: 'store_connected' },
  dead_letters_retried: { _tag: 'dead_letters_retried', source, message: 'timed out', attempt: 2 },
  rules_activated: { _tag: 'rules_activated', version: 'abc', sequence: 2, cause: 'file', warnings: [] },
  rules_refused: { _tag: 'rules_refused', cause: 'signal', faults: ['a: wrong', 'b: wrong'], version: 'abc' },
  rules_outdated: { _tag: 'rules_outdated', version: 'abc', active: 'def', sequence: 3 },
  rules_rolled_back: { _tag: 'rules_rolled_back', version: 'abc', expected: 3, found: null },
  rules_unknown: { _tag: 'rules_unknown', message: 'redis is away' },
  rules_behind: { _tag: 'rules_behind', source, sequence: 3 },
  fault: { _tag: 'fault', code: 'internal', message: 'what happened' },
};

const line = t.intersection([
  t.strict({ level: t.string, time: t.string, event: t.string, message: t.string }),
  t.UnknownRecord,
]);

describe('createReport', () => {
  const reporting = (level: 'info' | 'warn' = 'info') => {
    const lines: string[] = [];
    const counted: string[] = [];
    const logger = createLogger({ level }, { write: (text) => void lines.push(text) });
    const report = createReport({ logger, metrics: { happened: (event) => void counted.push(event._tag) } });
    return { report, lines, counted };
  };
  const parsed = (text: string): t.TypeOf<typeof line> => {
    const value: unknown = JSON.parse(text);
    if (!line.is(value)) throw new Error(`not a log line: ${text}`);
    return value;
  };

  test('writes one JSON line and one count for each event, whatever it is', () => {
    const { report, lines, counted } = reporting();
    for (const event of Object.values(oneOfEach)) report(event);
    expect(lines.map((text) => parsed(text).event)).toEqual(Object.keys(oneOfEach));
    expect(counted).toEqual(Object.keys(oneOfEach));
    for (const text of lines) {
      expect(text.indexOf('\n')).toBe(text.length - 1);
      expect(text.match(/"message":/g)?.length).toBe(1);
      expect(parsed(text).message).not.toBe('');
      expect(text).not.toContain('_tag');
    }
  });

  test('says where it happened in fields of their own, and in the sentence', () => {
    const { report, lines } = reporting();
    report(oneOfEach.data_loss);
    expect(parsed(lines[0] ?? '')).toMatchObject({
      level: 'error',
      event: 'data_loss',
      topic: 'device-data',
      partition: 3,
      from: 1,
      to: 5,
      records: 4,
      why: 'retention',
      message: 'device-data-3 lost 4 records, offsets 1 to 5: retention',
    });
  });

  test('keeps an event’s own message as detail', () => {
    const { report, lines } = reporting();
    report(oneOfEach.store_refused);
    expect(parsed(lines[0] ?? '')).toMatchObject({
      detail: 'OOM',
      attempt: 1,
      message: 'device-data-3: the store refused to write (attempt 1): OOM',
    });
  });

  test('keeps quiet below its level, but counts', () => {
    const { report, lines, counted } = reporting('warn');
    report(oneOfEach.started);
    report(oneOfEach.fenced);
    expect(lines.map((text) => parsed(text).event)).toEqual(['fenced']);
    expect(counted).toEqual(['started', 'fenced']);
  });
});
