import { filter, tap } from 'rxjs';
import { describe, expect, test } from 'vitest';
import {
  createDataProcessor,
  eachRecord,
  left,
  right,
  type ProcessedData,
  type Telemetry,
} from '../../../src/index.js';
import { bytesOf, ingestMs } from '../../streams/fixtures.js';

const flat = (device: string, temperature: unknown, atMs = ingestMs): { value: string; timestampMs: number } => ({
  value: JSON.stringify({ device_id: device, timestamp: new Date(atMs).toISOString(), temperature }),
  timestampMs: atMs,
});
const tagsOf = (processed: readonly ProcessedData[]): readonly string[] => processed.map(({ _tag }) => _tag);

describe('a data processor', () => {
  test('gives the telemetry in a record, in canonical units, without what is absent', () => {
    const processed = createDataProcessor().process({ value: bytesOf('records/flat.json'), timestampMs: ingestMs });
    expect(processed).toEqual({
      _tag: 'processed',
      data: {
        device: 'device_001',
        eventTimeMs: Date.UTC(2025, 6, 31, 2, 15, 30, 123),
        readings: {
          temperature: 37.40828374651928,
          humidity: 52.118273645519,
          pressure: 1043.9918273645,
          battery: 63.2918374655,
        },
        quality: 'good',
        profile: expect.objectContaining({ type: '温度传感器' }) as unknown,
        messageId: null,
        format: 'flat',
      },
      windows: [],
      alerts: [],
    });
  });

  test('gives a rejection for a bad record and goes on', () => {
    const processor = createDataProcessor();
    const processed = processor.processBatch([flat('d-1', 'warm'), { value: null }, { value: '{' }, flat('d-1', 21)]);
    expect(tagsOf(processed)).toEqual(['rejected', 'skipped', 'rejected', 'processed']);
    expect(processed[0]).toMatchObject({ rejection: { _tag: 'schema', path: 'temperature' } });
    expect(processor.getStats()).toEqual({
      tally: { read: 4, counted: 1, duplicate: 0, late: 0, dead: 2, skipped: 1 },
      reasons: { schema: 1, tombstone: 1, truncated: 1 },
    });
  });

  test('remembers: windows close, alerts are raised and cleared, late records are late', () => {
    const startMs = Math.ceil(ingestMs / 60_000) * 60_000;
    const processor = createDataProcessor();
    const processed = processor.processBatch([
      flat('d-1', 20, startMs),
      flat('d-1', 41, startMs + 30_000),
      flat('d-1', 30, startMs + 95_000),
      { ...flat('d-1', 20, startMs + 1), timestampMs: startMs + 95_000 },
    ]);
    expect(processed[1]?.alerts).toMatchObject([{ rule: 'temperature-high', state: 'active', raisedValue: 41 }]);
    expect(processed[2]?.alerts).toMatchObject([{ rule: 'temperature-high', state: 'cleared', clearedValue: 30 }]);
    expect(processed[2]?.windows).toMatchObject([{ startMs, count: 2, min: 20, max: 41, mean: 30.5, isClosed: true }]);
    expect(processed[3]).toMatchObject({ _tag: 'rejected', rejection: { _tag: 'late' } });
    expect(processor.getStats().tally).toMatchObject({ counted: 3, late: 1 });
    expect(processor.getDevice('d-1')?.readings).toEqual({ temperature: { value: 30, atMs: startMs + 95_000 } });
    expect(processor.getDevice('d-2')).toBeNull();
  });

  test('one after the other gives what a batch gives', () => {
    const messages = Array.from({ length: 3_000 }, (_, i) => flat(`d-${i % 7}`, i % 50, ingestMs + i * 997));
    const [together, alone] = [createDataProcessor(), createDataProcessor()];
    expect(together.processBatch(messages)).toEqual(messages.map((message) => alone.process(message)));
    expect(together.getStats()).toEqual(alone.getStats());
    expect(together.getStats().tally.counted).toBe(3_000);
  });

  test('judges event times by now, when no other time is given', () => {
    const { value } = flat('d-1', 20, Date.now());
    expect(createDataProcessor().process({ value })._tag).toBe('processed');
    expect(createDataProcessor().process({ value: flat('d-1', 20, Date.now() + 360_000).value })).toMatchObject({
      rejection: { _tag: 'ts_future' },
    });
  });

  test('runs an operator of your own, and tells of one that breaks its word', () => {
    const refusing = createDataProcessor({
      own: () =>
        eachRecord<Telemetry, Telemetry>((telemetry) =>
          telemetry.device.id === 'd-2' ? left({ _tag: 'bad_id', message: 'not this one' }) : right(telemetry),
        ),
    });
    expect(tagsOf(refusing.processBatch([flat('d-1', 20), flat('d-2', 20)]))).toEqual(['processed', 'rejected']);

    const silent = createDataProcessor({ own: () => filter(() => false) });
    expect(() => silent.process(flat('d-1', 20))).toThrow('kept a chunk back');

    const broken = createDataProcessor({
      own: () =>
        tap(() => {
          throw new Error('outside of any record');
        }),
    });
    expect(() => broken.process(flat('d-1', 20))).toThrow('the pipeline has ended with an error');
    expect(() => broken.process(flat('d-1', 20))).toThrow('the pipeline has ended with an error');
  });
});
