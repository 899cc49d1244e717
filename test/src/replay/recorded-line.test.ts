import { describe, expect, test } from 'vitest';
import { recordedLine } from '../../../src/replay/recorded-line.js';

const read = (line: unknown, logBeforeMs = 5): ReturnType<typeof recordedLine> =>
  recordedLine(Buffer.from(typeof line === 'string' ? line : JSON.stringify(line)), 7, logBeforeMs);

const atMs = Date.UTC(2026, 0, 5, 8);
const nested = { device_id: 'd1', timestamp: atMs, sensors: { temperature: { value: 20 } } };

describe('a line of recorded data', () => {
  test.each([
    ['nested', nested, atMs],
    ['flat', { device_id: 'd1', timestamp: '2026-01-05T08:00:00Z', temperature: 20 }, atMs],
    ['an envelope', { message_id: 'm', message_type: 'device_data', timestamp: 1, payload: { device: nested } }, atMs],
    ['an envelope of something else', { message_id: 'm', message_type: 'heartbeat', timestamp: 1, payload: {} }, 5],
    ['no JSON', 'connection reset', 5],
    ['seconds', { ...nested, timestamp: atMs / 1_000 }, 5],
  ])(
    'that is a value alone, %s, has its event time, or that of the line before, for log time',
    (_what, value, logMs) => {
      const line = read(value);
      if ('fault' in line) throw new Error(line.fault);
      expect(line).toMatchObject({ partition: 0, record: { offset: 7, timestampMs: logMs } });
      expect(line.record.text()).toBe(typeof value === 'string' ? value : JSON.stringify(value));
    },
  );

  test('says what was recorded beside the value', () => {
    const line = read({ timestamp: atMs + 1, key: 'k', value: nested, headers: { trace: 'x' }, partition: 3 });
    if ('fault' in line) throw new Error(line.fault);
    const { record, partition } = line;
    expect([partition, record.timestampMs, String(record.key), record.text(), String(record.headers['trace'])]).toEqual(
      [3, atMs + 1, 'k', JSON.stringify(nested), 'x'],
    );
  });

  test('is read as kcat writes it, with the value as a text, and a tombstone as null', () => {
    const line = read({
      topic: 't',
      partition: 1,
      offset: 3,
      tstype: 'create',
      ts: atMs,
      headers: ['a', 'b'],
      key: 'k',
      payload: '{"x":1}',
    });
    expect('fault' in line ? line.fault : line.record.text()).toBe('{"x":1}');
    const tombstone = read({ timestamp: '2026-01-05T08:00:00Z', value: null });
    expect('fault' in tombstone ? tombstone.fault : tombstone.record.isTombstone).toBe(true);
  });

  test.each([
    [{ timestamp: 'now', value: '' }, 'timestamp: expected epoch milliseconds'],
    [{ timestamp: atMs, value: 5 }, 'value: expected a text, an object or null'],
    [{ timestamp: atMs, value: '', key: 5 }, 'key: expected'],
    [{ timestamp: atMs, value: '', partition: -1 }, 'partition: expected'],
    [{ timestamp: atMs, value: '', headers: { a: 1 } }, 'headers: expected'],
  ])('that says something else is a fault: %j', (value, fault) => {
    expect(read(value)).toEqual({ fault: expect.stringContaining(fault) as string });
  });
});
