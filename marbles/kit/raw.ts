import { placeOf } from '../../streams/codecs/nested.js';
import { flatMembers } from '../../streams/codecs/flat.js';
import { RawRecord } from '../../streams/model/raw-record.js';
import type { WireFormat } from '../../streams/model/telemetry.js';
import { asOffset } from '../../streams/model/units.js';

/** What a raw record says; everything left out has a default. */
export interface RawParts {
  /** `d1` */
  readonly device?: string;
  /** Event time, epoch ms: 1,700,000,000,000 and a second per offset. */
  readonly atMs?: number;
  /** Kafka's timestamp: the event time. */
  readonly timestampMs?: number;
  /** Position in the partition: 0. */
  readonly offset?: number;
  /** By metric name: `{ temperature: 20 }`. */
  readonly readings?: Readonly<Record<string, number>>;
  /** `envelope` when there is a message id, else `nested`. */
  readonly format?: WireFormat;
  readonly messageId?: string | null;
  /** The device's type: unknown. */
  readonly type?: string;
  /** The device's own status word: `online`. */
  readonly status?: string;
  /** The record's value as text instead of all that; null for a tombstone. */
  readonly value?: string | null;
  /** Kafka's key: the device. */
  readonly key?: string | null;
}

/** A record as Kafka holds it, in one of the three wire formats. */
export const record = (parts: RawParts = {}): RawRecord => {
  const offset = parts.offset ?? 0;
  const atMs = parts.atMs ?? 1_700_000_000_000 + 1_000 * offset;
  return RawRecord.of({
    offset: asOffset(offset),
    timestampMs: parts.timestampMs ?? atMs,
    key: parts.key === undefined ? (parts.device ?? 'd1') : parts.key,
    value: parts.value === undefined ? JSON.stringify(bodyOf(parts, atMs)) : parts.value,
  });
};

const bodyOf = (parts: RawParts, atMs: number): unknown => {
  const { readings = { temperature: 20 }, device = 'd1', type, status = 'online', messageId = null } = parts;
  const format = parts.format ?? (messageId === null ? 'nested' : 'envelope');
  switch (format) {
    case 'flat':
      return { device_id: device, device_type: type, timestamp: new Date(atMs).toISOString(), status, ...flatReadings(readings) }; // prettier-ignore
    case 'nested':
      return { device_id: device, device_type: type, timestamp: atMs, status, ...nestedReadings(readings) };
    case 'envelope': {
      const inner = bodyOf({ ...parts, format: 'nested' }, atMs);
      return { message_id: messageId ?? '', message_type: 'device_data', payload: { device: inner } };
    }
  }
};

const flatReadings = (readings: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(readings).map(([metric, value]) => [flatMembers(metric)[0] ?? metric, value]));

const nestedReadings = (readings: Readonly<Record<string, number>>) => {
  const sensors: Record<string, unknown> = {};
  const info: Record<string, unknown> = {};
  for (const [metric, value] of Object.entries(readings)) {
    const place = placeOf(metric);
    if (place._tag === 'sensor') sensors[place.name] = { value };
    else info[place.name] = value;
  }
  return { sensors, device_info: info };
};
