import fc from 'fast-check';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { Telemetry } from '../../../streams/model/telemetry.js';
import { parse } from '../../../streams/stages/parse.js';
import { PartitionState } from '../../../streams/state/partition-state.js';
import { bytesOf, eventMs, namesIn, recordOf, settings, source } from '../fixtures.js';

const parser = () => parse(settings, PartitionState.empty(source));
const parsed = (value: Buffer | string | null) => {
  const record = recordOf(value);
  return parser()(record, record);
};
const telemetryOf = (file: string): Telemetry => {
  const result = parsed(bytesOf(`records/${file}.json`));
  if (isLeft(result)) throw new Error(JSON.stringify(result.left));
  return result.right;
};
/** By name; absent ones left out. */
const readingsOf = ({ readings }: Telemetry): Record<string, number> =>
  Object.fromEntries(
    settings.metrics.flatMap(({ name }, i) => {
      const value = readings[i] ?? NaN;
      return Number.isNaN(value) ? [] : [[name, value]];
    }),
  );

describe('parse reads the nested format', () => {
  test.each([
    ['nested-temperature', 'device_0001', { temperature: 21.873456789012344, battery: 93, signal: -47 }],
    ['nested-humidity', 'device_0002', { humidity: 48.120398471625, battery: 99, signal: -30 }],
    ['nested-pressure', 'device_0003', { pressure: 1007.3312490817264, battery: 85, signal: -69 }],
    ['nested-switch', 'device_0004', { switch: 0, battery: 90, signal: -52 }],
    ['nested-current', 'device_0005', { current: 4.981273640182736, battery: 88, signal: -60 }],
    ['nested-humidity-zero', 'device_0002', { humidity: 0, battery: 99, signal: -30 }],
  ])('%s: absent is not zero, an exact zero is a value', (file, id, readings) => {
    const telemetry = telemetryOf(file);
    expect(readingsOf(telemetry)).toEqual(readings);
    expect(telemetry).toMatchObject({
      eventTimeMs: eventMs,
      quality: 'good',
      messageId: null,
      format: 'nested',
      units: null,
    });
    expect(telemetry.device.id).toBe(id);
  });

  test('with its profile', () => {
    expect(telemetryOf('nested-current').profile).toEqual({
      type: 'current',
      status: 'online',
      location: { building: 'Building_1', floor: 1, room: 'Room_1', zone: 'Zone_1', latitude: null, longitude: null },
      info: {
        model: 'IoT-Sensor-v1.0',
        manufacturer: 'Industrial IoT Corp',
        firmware: '1.2.3',
        hardware: '2.1.0',
        serialNumber: 'SNdevice_0005',
        networkType: 'wifi',
      },
    });
  });
});

describe('parse reads the flat format', () => {
  test('with Chinese words, nanoseconds and a zone', () => {
    const telemetry = telemetryOf('flat');
    expect(readingsOf(telemetry)).toEqual({
      temperature: 37.40828374651928,
      humidity: 52.118273645519,
      pressure: 1043.9918273645,
      battery: 63.2918374655,
    });
    expect(telemetry).toMatchObject({ quality: 'good', messageId: null, format: 'flat' });
    expect(telemetry.eventTimeMs).toBe(Date.UTC(2025, 6, 31, 2, 15, 30, 123));
    expect(telemetry.profile).toEqual({
      type: '温度传感器',
      status: '正常',
      location: { building: '车间A', floor: null, room: null, zone: null, latitude: null, longitude: null },
      info: null,
    });
  });

  test('with battery in place of battery_level, and nothing that is not there', () => {
    expect(readingsOf(telemetryOf('flat-battery'))).toEqual({ temperature: 25.5, humidity: 60.2, battery: 88.5 });
  });

  test('battery_level before battery, where both are there', () => {
    const both = '{"device_id":"d","timestamp":"2025-08-02T02:15:30Z","battery":1,"battery_level":2}';
    const older = both.replace('"battery_level":2', '"battery_level":null');
    expect([both, older].map((text) => parsed(text)).map((each) => isRight(each) && readingsOf(each.right))).toEqual([
      { battery: 2 },
      { battery: 1 },
    ]);
  });
});

describe('parse reads the envelope', () => {
  test('with a device in it', () => {
    const telemetry = telemetryOf('envelope-device-data');
    expect(readingsOf(telemetry)).toEqual({
      ...{ temperature: 25.6, humidity: 65.2, pressure: 1013.25, current: 2.5, switch: 1 },
      ...{ battery: 85, signal: -45 },
    });
    expect(telemetry).toMatchObject({
      eventTimeMs: eventMs,
      messageId: '9b2f4c0e-6f0e-4d8e-9c53-0d0a3a2f9f11',
      format: 'envelope',
    });
    expect(telemetry.profile.location).toMatchObject({ building: 'A栋', room: '301', latitude: 39.9042 });
  });

  test.each([
    ['envelope-alert', 'alert'],
    ['envelope-system-status', 'system_status'],
    ['envelope-heartbeat', 'heartbeat'],
    ['envelope-subscription', 'subscription'],
    ['envelope-command', 'command'],
  ])('%s carries no telemetry and is skipped', (file, messageType) => {
    expect(parsed(bytesOf(`records/${file}.json`))).toEqual({
      _tag: 'Left',
      left: { _tag: 'not_telemetry', messageType },
    });
  });

  test('before anything else: an envelope with sensors beside its payload is still one', () => {
    expect(parsed('{"message_id":"m","message_type":"heartbeat","sensors":{},"temperature":1}')).toMatchObject({
      left: { _tag: 'not_telemetry' },
    });
  });
});

describe('parse', () => {
  test('skips a tombstone', () => {
    expect(parsed(null)).toEqual({ _tag: 'Left', left: { _tag: 'tombstone' } });
  });

  test('gives telemetry or a reason for any bytes and for any fixture with bytes replaced, and never throws', () => {
    const stage = parser();
    const fixtures = namesIn('records').map((name) => bytesOf(`records/${name}`));
    const spoilt = fc
      .tuple(fc.constantFrom(...fixtures), fc.nat(), fc.uint8Array({ maxLength: 4 }), fc.nat(40))
      .map(([bytes, at, by, gone]) => {
        const start = at % bytes.length;
        return Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(start + gone)]);
      });
    const tags = new Set<string>();
    fc.assert(
      fc.property(fc.oneof({ weight: 1, arbitrary: fc.uint8Array() }, { weight: 9, arbitrary: spoilt }), (bytes) => {
        const record = recordOf(Buffer.from(bytes));
        const result = stage(record, record);
        tags.add(isLeft(result) ? result.left._tag : 'telemetry');
        if (isRight(result)) expect(Number.isInteger(result.right.eventTimeMs)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
    expect([...tags]).toEqual(expect.arrayContaining(['telemetry', 'not_json', 'truncated', 'schema']));
  });

  test('keeps nothing of the parsed tree, and remembers a device only by its id', () => {
    const state = PartitionState.empty(source);
    const stage = parse(settings, state);
    for (const offset of [0, 1]) stage(recordOf(bytesOf('records/flat.json'), offset), recordOf(null));
    expect(Array.from(state.devices(), ({ id }) => id)).toEqual(['device_001']);
    expect(state.snapshot().devices.length).toBe(0);
    expect(Array.from(state.devices())).toEqual([]);
  });
});
