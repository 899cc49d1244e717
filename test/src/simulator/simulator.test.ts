import { of, toArray, lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/rules/default-settings.js';
import { badKinds } from '../../../src/simulator/bad.js';
import { shapes, SimulatedDevice, type Shape } from '../../../src/simulator/device.js';
import { type SimulatedRecord, Simulator, type SimulatorOptions } from '../../../src/simulator/simulator.js';
import { chunkOf, type Outcome } from '../../../streams/model/chunk.js';
import { RawRecord } from '../../../streams/model/raw-record.js';
import { asOffset } from '../../../streams/model/units.js';
import { devicePipeline } from '../../../streams/pipeline.js';
import { PartitionState } from '../../../streams/state/partition-state.js';

const startMs = Date.UTC(2026, 0, 2, 3, 0, 0);
const settings = defaultSettings();
const none = { bad: 0, late: 0, future: 0, duplicate: 0 };

const made = (count: number, options: Partial<SimulatorOptions> = {}): SimulatedRecord[] => {
  const simulator = new Simulator({
    devices: 30,
    seed: 7,
    shape: 'mixed',
    shares: none,
    startMs,
    stepMs: 10,
    ...options,
  });
  return Array.from({ length: count }, () => simulator.next());
};

/** What the service's own pipeline makes of records of one partition. */
const judged = (records: readonly Pick<SimulatedRecord, 'key' | 'value' | 'timestampMs'>[]): Promise<Outcome[]> => {
  const source = { topic: 'simulated', partition: 0 };
  const raw = records.map((record, i) => RawRecord.of({ ...record, offset: asOffset(i) }));
  const chunk = chunkOf(source, raw, asOffset(raw.length));
  return lastValueFrom(of(chunk).pipe(devicePipeline(settings, PartitionState.empty(source)), toArray()), {
    defaultValue: [],
  });
};
const offsets = (those: readonly { readonly origin: RawRecord }[]): number[] =>
  those.map(({ origin }) => origin.offset);
const indexesOf = (records: readonly SimulatedRecord[], kind: SimulatedRecord['kind']): number[] =>
  records.flatMap((record, i) => (record.kind === kind ? [i] : []));

describe('the simulator', () => {
  it('makes the same bytes of the same seed and start, and others of another seed', () => {
    const shares = { bad: 0.05, late: 0.05, future: 0.02, duplicate: 0.05 };
    expect(made(3_000, { shares })).toEqual(made(3_000, { shares }));
    expect(made(100, { seed: 8 })).not.toEqual(made(100));
  });

  it.each([1, 1_000, 2 ** 32])('gives messages other ids in a run that starts %s ms later', (laterMs) => {
    const ids = (from: number): unknown[] =>
      made(600, { shape: 'envelope', startMs: from, shares: { ...none, bad: 0.2 } }).flatMap(
        ({ value }) =>
          /^\{"message_id":"([\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12})"/.exec(
            String(value),
          )?.[1] ?? [],
      );
    const first = ids(startMs);
    expect(first.length).toBeGreaterThan(480);
    expect(new Set([...first, ...ids(startMs + laterMs)]).size).toBe(2 * first.length);
  });

  it('gives a device the same life however many others there are', () => {
    const own = (devices: number): unknown[] =>
      made(devices * 5, { devices, stepMs: 3_000 / devices, shape: 'flat' })
        .filter(({ key }) => key === 'device_002')
        .map(({ value }) => /"battery_level":([\d.]+)/.exec(String(value))?.[1]);
    expect(own(3)[0]).toBe(own(30)[0]);
    expect(own(3)).toHaveLength(5);
  });

  it.each(shapes)('sends %s records that count, each', async (shape) => {
    const [outcome] = await judged(made(1_000, { shape }));
    expect(outcome?.rejected).toEqual([]);
    expect(outcome?.skipped).toEqual([]);
    expect(outcome?.records.map(({ value }) => value.format)).toEqual(Array.from({ length: 1_000 }, () => shape));
  });

  it('mixes the three formats, each device in one of them and under one key', () => {
    const seen = new Map<string, Set<Shape>>();
    for (const { key, shape } of made(600)) seen.set(key, (seen.get(key) ?? new Set()).add(shape));
    expect(seen.size).toBe(30);
    for (const [key, formats] of seen) {
      expect(formats.size).toBe(1);
      expect(key).toMatch(
        formats.has('nested') ? /^device_\d{4}_(temperature|humidity|pressure|switch|current)$/ : /^device_\d{3}$/,
      );
    }
    expect([...seen.values()].filter((formats) => formats.has('flat'))).toHaveLength(10);
  });

  it('writes the nested format member by member as the producer in use does', () => {
    const [record] = made(1, { shape: 'nested', devices: 1 });
    const value = String(record?.value);
    const form =
      /^\{"device_id":"device_0001","device_type":"temperature","timestamp":\d{13},"created_at":"2026-01-02T1[01]:\d\d:\d\d\.\d+\+08:00","updated_at":"[^"]+","device_info":\{"model":"IoT-Sensor-v1\.0","manufacturer":"Industrial IoT Corp","firmware":"1\.2\.3","hardware":"2\.1\.0","serial_number":"SNdevice_0001","battery":\d\d,"signal_strength":-\d\d,"network_type":"wifi"\},"location":\{"building":"Building_1","floor":1,"room":"Room_1","zone":"Zone_1"\},"sensors":\{"temperature":\{"value":\d+\.\d{8,},"unit":"°C","status":"normal"\},"last_update":\d{13}\},"status":"online","last_seen":\d{13}\}$/;
    expect(value).toMatch(form);
    expect(record?.key).toBe('device_0001_temperature');
  });

  it('keeps its clock: timestamps a step apart, events shortly before, in order of each device', async () => {
    const records = made(2_000, { stepMs: 2.5 });
    expect(records.map(({ timestampMs }) => timestampMs)).toEqual(records.map((_, i) => Math.floor(startMs + i * 2.5)));
    const [outcome] = await judged(records);
    const newest = new Map<string, number>();
    for (const { value, origin } of outcome?.records ?? []) {
      const behindMs = origin.timestampMs - value.eventTimeMs;
      expect(behindMs).toBeGreaterThanOrEqual(0);
      expect(behindMs).toBeLessThanOrEqual(250);
      expect(value.eventTimeMs).toBeGreaterThanOrEqual(newest.get(value.device.id) ?? 0);
      newest.set(value.device.id, value.eventTimeMs);
    }
  });

  it('changes as rooms do: little from one reading to the next, more over a day, and differently in each', async () => {
    const hourMs = 3_600_000;
    const [outcome] = await judged(made(2 * 24, { shape: 'flat', devices: 2, stepMs: hourMs / 2, seed: 3 }));
    const values = (id: string): number[] =>
      (outcome?.records ?? [])
        .filter(({ value }) => value.device.id === id)
        .map(({ value }) => value.readings[0] ?? NaN);
    const [one, other] = [values('device_001'), values('device_002')];
    expect(Math.max(...one) - Math.min(...one)).toBeGreaterThan(3);
    expect(one).not.toEqual(other);
    const [close] = await judged(made(200, { shape: 'flat', devices: 1, stepMs: 100, seed: 3 }));
    const steps = (close?.records ?? []).map(({ value }) => value.readings[0] ?? NaN);
    expect(Math.max(...steps) - Math.min(...steps)).toBeLessThan(2);
  });

  it.each(badKinds.map((kind) => [kind.name, kind] as const))(
    'bad input, %s, is what it is said to be',
    async (_name, kind) => {
      const device = new SimulatedDevice(3, 'nested', 1, startMs);
      const value = kind.valueOf(device, startMs);
      const [outcome] = await judged([{ key: device.key, value, timestampMs: startMs }]);
      const tags = [
        ...(outcome?.rejected ?? []).map(({ rejection }) => rejection._tag),
        ...(outcome?.skipped ?? []).map(({ skip }) => skip._tag),
      ];
      expect([tags, outcome?.records.length]).toEqual([[kind.outcome], 0]);
    },
  );

  it('sends each share as what it is called, and nothing else', async () => {
    const shares = { bad: 0.03, late: 0.06, future: 0.02, duplicate: 0.05 };
    const records = made(20_000, { shares, stepMs: 20 });
    for (const [kind, share] of Object.entries(shares)) {
      const part = records.filter((record) => record.kind === kind).length / records.length;
      expect(part, kind).toBeGreaterThan(share * 0.8);
      expect(part, kind).toBeLessThan(share * 1.2);
    }
    const [outcome] = await judged(records);
    const rejectedAs = (tag: string): number[] =>
      offsets((outcome?.rejected ?? []).filter(({ rejection }) => rejection._tag === tag)).sort((a, b) => a - b);
    expect(rejectedAs('ts_future')).toEqual(indexesOf(records, 'future'));
    const duplicates = (outcome?.skipped ?? []).filter(({ skip }) => skip._tag === 'duplicate');
    expect(offsets(duplicates)).toEqual(indexesOf(records, 'duplicate'));
    const late = new Set(indexesOf(records, 'late'));
    const tooLate = rejectedAs('late');
    expect(tooLate.every((offset) => late.has(offset))).toBe(true);
    expect(tooLate.length / late.size).toBeGreaterThan(0.4);
    expect(tooLate.length / late.size).toBeLessThan(0.6);
    // Half of the late ones correct a window or fill one that is still open.
    expect(outcome?.windows.some(({ revision, isClosed }) => revision > 1 && !isClosed)).toBe(true);
  });

  it.each([
    ['many and fast', { devices: 400, stepMs: 1.25 }],
    ['few', { devices: 3, stepMs: 200 }],
    ['more than have their turn in time', { devices: 20_000, stepMs: 1.25 }],
  ])('has an alert within seconds, at any time of day: %s', async (_name, fleet) => {
    for (const hour of [0, 9, 18]) {
      const options = { ...fleet, startMs: startMs + hour * 3_600_000, hasEarlyExcursion: true };
      const [outcome] = await judged(made(Math.ceil(8_000 / fleet.stepMs), options));
      expect(outcome?.alerts.map(({ rule, state }) => `${rule} ${state}`)).toContain('temperature-high active');
    }
  });

  it('has that alert cleared within the minute', async () => {
    const [outcome] = await judged(made(1_200, { devices: 40, stepMs: 50, hasEarlyExcursion: true }));
    const alerts = (outcome?.alerts ?? []).filter(({ rule }) => rule === 'temperature-high');
    expect(alerts.map(({ state }) => state)).toEqual(['active', 'cleared']);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(1);
  });

  it('leaves out the time in which nothing was sent', () => {
    const simulator = new Simulator({ devices: 2, seed: 1, shape: 'flat', shares: none, startMs, stepMs: 10 });
    simulator.next();
    simulator.skip(5_000);
    expect(simulator.next().timestampMs).toBe(startMs + 5_010);
  });
});
