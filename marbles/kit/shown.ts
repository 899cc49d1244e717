import type { Chunk, Sourced } from '../../streams/model/chunk.js';
import { Device } from '../../streams/model/device.js';
import { RawRecord } from '../../streams/model/raw-record.js';
import { Telemetry } from '../../streams/model/telemetry.js';

/** Anything as one line that people can read and machines can compare: devices by their id, absent readings as `NaN`. */
export const shown = (value: unknown): string => {
  if (value instanceof RawRecord) return value.text();
  if (value instanceof Telemetry) return shownTelemetry(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'undefined') return String(value);
  return typeof value === 'function' ? 'a function' : JSON.stringify(value, readable);
};

const shownTelemetry = ({ device, eventTimeMs, readings, quality, messageId, profile }: Telemetry): string => {
  const words = [`${device.id} at ${eventTimeMs}: ${readings.map((value) => shown(value)).join(' ')}`];
  if (quality !== 'good') words.push(quality);
  if (messageId !== null) words.push(`message ${messageId}`);
  if (profile.status !== null) words.push(`status ${profile.status}`);
  return words.join(', ');
};

const readable = (_key: string, value: unknown): unknown => {
  if (value instanceof Device) return `device ${value.id}`;
  if (value instanceof RawRecord) return `record ${value.offset}`;
  if (value instanceof Telemetry) return shownTelemetry(value);
  if (value instanceof Map) return { map: [...(value as Map<unknown, unknown>)] };
  if (value instanceof Set) return { set: [...(value as Set<unknown>)] };
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
};

export const shownRecord = ({ value }: Sourced<unknown>): string => shown(value);

/** `{ a: 1, b: 2 }` as `a 1, b 2`. */
export const shownMembers = (members: object): string =>
  Object.entries(members)
    .map(([name, value]) => (name === '_tag' ? String(value) : `${name} ${shown(value)}`))
    .join(', ');

export const isChunk = (value: unknown): value is Chunk<unknown> =>
  typeof value === 'object' && value !== null && 'records' in value && 'rejected' in value && 'skipped' in value;
