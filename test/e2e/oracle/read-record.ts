import { canonical } from './in-units.js';
import { profileOf, qualityOf } from './of-device.js';
import { type LogRecord, rules } from './rules.js';

/** What a record says, or why it says nothing. */
export type Said = { readonly _tag: 'dead'; readonly reason: string } | { readonly _tag: 'skipped' } | Reading;

export interface Reading {
  readonly _tag: 'reading';
  readonly device: string;
  readonly timeMs: number;
  readonly values: ReadonlyMap<string, number>;
  readonly messageId: string | null;
  readonly quality: 'good' | 'uncertain' | 'bad';
  readonly profile: unknown;
}

type Json = Record<string, unknown>;

/** Thrown inside this file only: the first fault found ends the reading. */
class Dead extends Error {}

const dieOf = (reason: string): never => {
  throw new Dead(reason);
};

export const readRecord = (record: LogRecord): Said => {
  if (record.value === null) return { _tag: 'skipped' };
  try {
    const json = bodyOf(record.value);
    if ('message_id' in json && isOtherMessage(json)) return { _tag: 'skipped' };
    const claimed = claimOf(json);
    judge(claimed, record.timestampMs);
    return claimed;
  } catch (error) {
    if (error instanceof Dead) return { _tag: 'dead', reason: error.message };
    throw error;
  }
};

// ── bytes to an object ──────────────────────────────────────────────────────────────────────────────────────────────────────

const bodyOf = (bytes: Buffer): Json => {
  if (bytes.length === 0) dieOf('empty');
  if (bytes.length > rules.maxBytes) dieOf('too_large');
  const text = utf8Of(bytes);
  if (nestingOf(text) > rules.maxDepth) dieOf('too_deep');
  const json = jsonOf(text);
  if (hasForbiddenKey(json)) dieOf(isObject(json) ? 'forbidden_key' : 'not_object');
  return isObject(json) ? json : dieOf('not_object');
};

const utf8Of = (bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return dieOf('invalid_utf8');
  }
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return dieOf(isCutOff(text, error) ? 'truncated' : 'not_json');
  }
};

/** Nesting of brackets outside strings. */
const nestingOf = (text: string): number => {
  let depth = 0;
  let deepest = 0;
  for (const character of text.replace(/"(?:[^"\\]|\\.)*"?/gs, '')) {
    if (character === '{' || character === '[') deepest = Math.max(deepest, (depth += 1));
    if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
};

/** Cut off: the engine's parser was content until the end of the text. */
const isCutOff = (text: string, error: unknown): boolean => {
  if (text.trim() === '') return false;
  const message = error instanceof Error ? error.message : '';
  if (/Unexpected end of JSON input|Unterminated string/.test(message)) return true;
  const position = /position (\d+)/.exec(message)?.[1];
  return position !== undefined && Number(position) >= text.length;
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasForbiddenKey = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(hasForbiddenKey);
  if (!isObject(value)) return false;
  return Object.entries(value).some(
    ([key, inner]) => key === '__proto__' || key === 'constructor' || hasForbiddenKey(inner),
  );
};

// ── an object to a claim ────────────────────────────────────────────────────────────────────────────────────────────────────

const otherMessages = new Set(['alert', 'system_status', 'heartbeat', 'subscription', 'command']);

const isOtherMessage = ({ message_id: id, message_type: type }: Json): boolean => {
  if (typeof id !== 'string' || id.length < 1 || id.length > 256 || typeof type !== 'string') return dieOf('schema');
  return otherMessages.has(type);
};

const claimOf = (json: Json): Reading => {
  if ('message_id' in json) {
    const { message_id: id, message_type: type, payload } = json;
    if (type !== 'device_data' || !isObject(payload) || !isObject(payload['device'])) return dieOf('schema');
    return nested(payload['device'], String(id));
  }
  return isObject(json['sensors']) || isObject(json['location']) ? nested(json, null) : flat(json);
};

const own = (json: Json, name: string): unknown => (Object.hasOwn(json, name) ? (json[name] ?? null) : null);

/** A member that may be left out or null; anything else that is not of the type is a fault. */
const textOf = (json: Json, name: string): string | null => {
  const value = own(json, name);
  return value === null || typeof value === 'string' ? value : dieOf('schema');
};

const numberOf = (json: Json, name: string): number | null => {
  const value = own(json, name);
  return value === null || (typeof value === 'number' && Number.isFinite(value)) ? value : dieOf('schema');
};

const objectOf = (json: Json, name: string): Json => {
  const value = own(json, name) ?? {};
  return isObject(value) ? value : dieOf('schema');
};

const sensorNames = { temperature: 'temperature', humidity: 'humidity', pressure: 'pressure', current: 'current' };

const nested = (json: Json, messageId: string | null): Reading => {
  const device = own(json, 'device_id');
  const sensors = own(json, 'sensors');
  if (typeof device !== 'string' || !isObject(sensors)) return dieOf('schema');
  for (const name of ['device_type', 'status']) textOf(json, name);
  const location = objectOf(json, 'location');
  for (const name of ['building', 'room', 'zone']) textOf(location, name);
  for (const name of ['floor', 'latitude', 'longitude']) numberOf(location, name);
  const info = objectOf(json, 'device_info');
  for (const name of ['model', 'manufacturer', 'firmware', 'hardware', 'serial_number', 'network_type'])
    textOf(info, name);

  const values = new Map<string, number>();
  const inUnits = new Map<string, string>();
  const statuses = [json['status']];
  for (const [name, metric] of Object.entries({ ...sensorNames, switch_status: 'switch' })) {
    if (own(sensors, name) === null) continue;
    const sensor = objectOf(sensors, name);
    const said = own(sensor, 'value');
    const value = metric === 'switch' && typeof said === 'boolean' ? Number(said) : numberOf(sensor, 'value');
    if (value === null) return dieOf('schema');
    statuses.push(textOf(sensor, 'status'));
    inUnits.set(metric, textOf(sensor, 'unit') ?? '');
    values.set(metric, value);
  }
  for (const [name, metric] of [
    ['battery', 'battery'],
    ['signal_strength', 'signal'],
  ] as const) {
    const value = numberOf(info, name);
    if (value !== null) values.set(metric, value);
  }
  checkId(device);
  const timeMs = msOf(own(json, 'timestamp'));
  const said = { quality: qualityOf(statuses), profile: profileOf(json) };
  return { _tag: 'reading', device, timeMs, values: canonical(values, inUnits), messageId, ...said };
};

const flat = (json: Json): Reading => {
  const device = own(json, 'device_id');
  if (typeof device !== 'string') return dieOf('schema');
  for (const name of ['device_type', 'location', 'status']) textOf(json, name);
  const values = new Map<string, number>();
  const members = [...Object.keys(rules.ranges), 'battery_level'];
  for (const name of members) {
    const value = numberOf(json, name);
    // The older name comes last and wins.
    if (value !== null) values.set(name === 'battery_level' ? 'battery' : name, value);
  }
  if (values.size === 0) return dieOf('schema');
  checkId(device);
  const timeMs = instantOf(own(json, 'timestamp'));
  const said = { quality: qualityOf([json['status']]), profile: { ...profileOf(json), info: null } };
  return { _tag: 'reading', device, timeMs, values, messageId: null, ...said };
};

const checkId = (id: string): void => {
  if (!/^[\p{L}\p{N}._:-]{1,128}$/u.test(id)) dieOf('bad_id');
};

// ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const msOf = (timestamp: unknown): number => {
  if (timestamp === null) return dieOf('ts_missing');
  if (typeof timestamp !== 'number' || !Number.isFinite(timestamp)) return dieOf('schema');
  if (timestamp < 1e11 || timestamp > 1e14) return dieOf('ts_unit');
  return Number.isInteger(timestamp) ? timestamp : dieOf('schema');
};

const instantOf = (timestamp: unknown): number => {
  if (timestamp === null || timestamp === '') return dieOf('ts_missing');
  if (typeof timestamp === 'number') return dieOf('ts_unit');
  const found =
    typeof timestamp === 'string'
      ? /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/i.exec(timestamp)
      : null;
  if (found === null) return dieOf('schema');
  const [, date = '', clock = '', second = '', fraction = '', zone] = found;
  // The engine rolls days that don't exist over into the next month; seen from the other side they are another date.
  const atMinute = Date.parse(`${date}T${clock}:00Z`);
  if (Number.isNaN(atMinute) || !new Date(atMinute).toISOString().startsWith(`${date}T${clock}`))
    return dieOf('schema');
  if (Number(second) > 60) return dieOf('schema');
  if (zone === undefined) return dieOf('tz_missing');
  return (
    atMinute +
    Number(second) * 1_000 +
    Math.floor(Number(`0.${fraction.slice(0, 3) || '0'}`) * 1_000 + 1e-6) -
    zoneMs(zone)
  );
};

const zoneMs = (zone: string): number => {
  if (/^z$/i.test(zone)) return 0;
  const [hours = 99, minutes = 99] = zone.slice(1).split(':').map(Number);
  if (hours > 23 || minutes > 59) return dieOf('schema');
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
};

/** In the order of the metric table. NaN stands for a unit nobody knows. */
const judge = ({ timeMs, values }: Reading, timestampMs: number): void => {
  if (values.size === 0) dieOf('schema');
  for (const [metric, [min, max]] of Object.entries(rules.ranges)) {
    const value = values.get(metric);
    if (value === undefined) continue;
    if (Number.isNaN(value)) dieOf('unknown_unit');
    if (value < min || value > max) dieOf('out_of_range');
  }
  if (timeMs > timestampMs + rules.maxAheadMs) dieOf('ts_future');
  if (timeMs < timestampMs - rules.maxPastMs) dieOf('ts_past');
};
