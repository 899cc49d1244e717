import type { RejectionTag, Skip } from '../../streams/model/rejection.js';
import type { SimulatedDevice } from './device.js';
import { uuid } from './shapes/envelope.js';
import { nestedText } from './shapes/nested.js';

export type BadValue = Buffer | string | null;

/** One way in which a record is no telemetry, and what a service that judges it rightly calls that. */
export interface BadKind {
  readonly name: string;
  readonly outcome: RejectionTag | Skip['_tag'];
  readonly valueOf: (device: SimulatedDevice, atMs: number) => BadValue;
}

type Members = Readonly<Record<string, unknown>>;

/** A small nested record; members are replaced, and those that are undefined left out. */
const nestedWith = ({ id }: SimulatedDevice, atMs: number, changed: Members = {}): string =>
  JSON.stringify({
    device_id: id,
    device_type: 'temperature',
    timestamp: atMs,
    sensors: { temperature: { value: 21.5, unit: '°C', status: 'normal' }, last_update: atMs },
    status: 'online',
    ...changed,
  });

const flatWith = ({ id }: SimulatedDevice, changed: Members): string =>
  JSON.stringify({
    device_id: id,
    device_type: '温度传感器',
    location: '车间A',
    temperature: 21.5,
    status: '正常',
    ...changed,
  });

const envelopeWith = ({ ids }: SimulatedDevice, atMs: number, changed: Members): string =>
  JSON.stringify({
    message_id: uuid(ids),
    message_type: 'device_data',
    timestamp: Math.floor(atMs / 1_000),
    source: 'test-producer',
    ...changed,
  });

const sensor = (name: string, value: unknown, unit: string): Members => ({ sensors: { [name]: { value, unit } } });

const dayMs = 86_400_000;
const deep = `${'['.repeat(20)}${']'.repeat(20)}`;

const bad = (name: string, outcome: BadKind['outcome'], valueOf: BadKind['valueOf']): BadKind => ({
  name,
  outcome,
  valueOf,
});

/** Everything that has been seen to go wrong with producers. */
export const badKinds: readonly BadKind[] = [
  bad('null value', 'tombstone', () => null),
  bad('no bytes', 'empty', () => ''),
  bad('plain text', 'not_json', ({ id }) => `${id}: connection reset`),
  bad('cut off', 'truncated', (device, atMs) => nestedText(device, atMs).slice(0, device.random.whole(20, 300))),
  bad('invalid UTF-8', 'invalid_utf8', (device, atMs) =>
    Buffer.concat([
      Buffer.from('{"status":"'),
      Buffer.from([0xb0, 0xff]),
      Buffer.from(`",${nestedWith(device, atMs).slice(1)}`),
    ]),
  ),
  bad('an array', 'not_object', (device, atMs) => `[${nestedWith(device, atMs)}]`),
  bad('a number', 'not_object', () => '42'),
  bad('too deep', 'too_deep', (device, atMs) => `{"trace":${deep},${nestedWith(device, atMs).slice(1)}`),
  bad('too large', 'too_large', (device, atMs) => nestedWith(device, atMs, { note: 'x'.repeat(66_000) })),
  bad(
    '__proto__',
    'forbidden_key',
    (device, atMs) => `{"__proto__":{"isAdmin":true},${nestedWith(device, atMs).slice(1)}`,
  ),
  bad('constructor', 'forbidden_key', (device, atMs) => nestedWith(device, atMs, { constructor: { prototype: {} } })),
  bad('no device', 'schema', (device, atMs) => nestedWith(device, atMs, { device_id: undefined })),
  bad('number as text', 'schema', (device, atMs) => nestedWith(device, atMs, sensor('temperature', '21.5', '°C'))),
  bad('infinite', 'schema', (device, atMs) => nestedWith(device, atMs).replace('21.5', '1e999')),
  bad('unknown shape', 'schema', ({ id }, atMs) => JSON.stringify({ device: id, at: atMs, v: [1, 2, 3] })),
  bad('unknown message type', 'schema', (device, atMs) =>
    envelopeWith(device, atMs, { message_type: 'device_data_v9', payload: {} }),
  ),
  bad('empty payload', 'schema', (device, atMs) => envelopeWith(device, atMs, { payload: {} })),
  bad('too hot', 'out_of_range', (device, atMs) => nestedWith(device, atMs, sensor('temperature', 6_553.5, '°C'))),
  bad('too humid', 'out_of_range', (device, atMs) => nestedWith(device, atMs, sensor('humidity', 255, '%'))),
  bad('unknown unit', 'unknown_unit', (device, atMs) =>
    nestedWith(device, atMs, sensor('temperature', 21.5, 'furlong')),
  ),
  bad('bad id', 'bad_id', (device, atMs) => nestedWith(device, atMs, { device_id: `${device.id}; drop table` })),
  bad('no time', 'ts_missing', (device, atMs) => nestedWith(device, atMs, { timestamp: undefined })),
  bad('seconds', 'ts_unit', (device, atMs) => nestedWith(device, atMs, { timestamp: Math.floor(atMs / 1_000) })),
  bad('no zone', 'tz_missing', (device, atMs) =>
    flatWith(device, { timestamp: new Date(atMs).toISOString().slice(0, 19) }),
  ),
  bad('a month old', 'ts_past', (device, atMs) => nestedWith(device, atMs, { timestamp: atMs - 30 * dayMs })),
  bad('a heartbeat', 'not_telemetry', (device, atMs) =>
    envelopeWith(device, atMs, {
      message_type: 'heartbeat',
      payload: { client_id: device.id, timestamp: Math.floor(atMs / 1_000), status: 'alive' },
    }),
  ),
];
