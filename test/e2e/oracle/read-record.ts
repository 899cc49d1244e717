import { type LogRecord, rules } from './rules.js';

/** What a record says, or why it says nothing. */
export type Said =
  | { readonly _tag: 'dead'; readonly reason: string }
  | { readonly _tag: 'skipped' }
  | Reading;

export interface Reading {
  readonly _tag: 'reading';
  readonly device: string;
  readonly timeMs: number;
  readonly values: ReadonlyMap<string, number>;
  readonly messageId: string | null;
}

const dead = (reason: string): Said => ({ _tag: 'dead', reason });
type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

export const readRecord = (record: LogRecord): Said => {
  if (record.value === null) return { _tag: 'skipped' };
  if (record.value.length === 0) return dead('empty');
  if (record.value.length > rules.maxBytes) return dead('too_large');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(record.value);
  } catch {
    return dead('invalid_utf8');
  }
  if (depthOf(text) > rules.maxDepth) return dead('too_deep');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return dead(isCutOff(text, error) ? 'truncated' : 'not_json');
  }
  if (!isObject(json)) return dead('not_object');
  if (hasForbiddenKey(json)) return dead('forbidden_key');
  return checked(shapeOf(json), record.timestampMs);
};

/** Nesting of brackets outside strings. */
const depthOf = (text: string): number => {
  let depth = 0;
  let deepest = 0;
  const outside = text.replace(/"(?:[^"\\]|\\.)*"?/gs, '');
  for (const character of outside) {
    if (character === '{' || character === '[') deepest = Math.max(deepest, (depth += 1));
    if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
};

/** Cut off: the parser was content until the end of the text. */
const isCutOff = (text: string, error: unknown): boolean => {
  const message = error instanceof Error ? error.message : '';
  if (/Unexpected end of JSON input|Unterminated string/.test(message)) return true;
  const position = /position (\d+)/.exec(message)?.[1];
  return position !== undefined && Number(position) >= text.length;
};

const hasForbiddenKey = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(hasForbiddenKey);
  if (!isObject(value)) return false;
  return Object.entries(value).some(([key, inner]) => key === '__proto__' || key === 'constructor' || hasForbiddenKey(inner));
};

type Claimed = Said | { readonly _tag: 'claimed'; readonly device: string; readonly timeMs: number; readonly values: Map<string, number>; readonly messageId: string | null };

const shapeOf = (json: Json): Claimed => {
  if ('message_id' in json) return envelope(json);
  if (isObject(json['sensors']) || isObject(json['location'])) return nested(json, null);
  return flat(json);
};

const otherMessages = new Set(['alert', 'system_status', 'heartbeat', 'subscription', 'command']);

const envelope = (json: Json): Claimed => {
  const { message_id: messageId, message_type: type, payload } = json;
  if (typeof messageId !== 'string' || typeof type !== 'string') return dead('schema');
  if (otherMessages.has(type)) return { _tag: 'skipped' };
  if (type !== 'device_data' || !isObject(payload) || !isObject(payload['device'])) return dead('schema');
  return nested(payload['device'], messageId);
};

const nested = (json: Json, messageId: string | null): Claimed => {
  const { device_id: device, timestamp, sensors, device_info: info } = json;
  if (typeof device !== 'string') return dead('schema');
  const values = new Map<string, number>();
  if (isObject(sensors)) {
    for (const [name, sensor] of Object.entries(sensors)) {
      if (name === 'last_update' || !isObject(sensor)) continue;
      const metric = name === 'switch_status' ? 'switch' : name;
      if (!(metric in rules.ranges)) continue;
      const value = metric === 'switch' && typeof sensor['value'] === 'boolean' ? Number(sensor['value']) : sensor['value'];
      if (typeof value !== 'number' || !Number.isFinite(value)) return dead('schema');
      values.set(metric, value);
    }
  }
  if (isObject(info)) {
    for (const [member, metric] of [['battery', 'battery'], ['signal_strength', 'signal']] as const) {
      const value = info[member];
      if (value === undefined || value === null) continue;
      if (typeof value !== 'number' || !Number.isFinite(value)) return dead('schema');
      values.set(metric, value);
    }
  }
  if (!isId(device)) return dead('bad_id');
  if (timestamp === undefined || timestamp === null) return dead('ts_missing');
  if (typeof timestamp !== 'number') return dead('schema');
  if (timestamp < 1e11 || timestamp > 1e14) return dead('ts_unit');
  return { _tag: 'claimed', device, timeMs: timestamp, values, messageId };
};

const flat = (json: Json): Claimed => {
  const { device_id: device, timestamp } = json;
  if (typeof device !== 'string') return dead('schema');
  const values = new Map<string, number>();
  for (const [member, metric] of [
    ['temperature', 'temperature'],
    ['humidity', 'humidity'],
    ['pressure', 'pressure'],
    ['battery_level', 'battery'],
    ['battery', 'battery'],
  ] as const) {
    const value = json[member];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'number' || !Number.isFinite(value)) return dead('schema');
    values.set(metric, value);
  }
  if (!isId(device)) return dead('bad_id');
  if (timestamp === undefined || timestamp === null || timestamp === '') return dead('ts_missing');
  if (typeof timestamp === 'number') return dead('ts_unit');
  if (typeof timestamp !== 'string') return dead('schema');
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?$/.test(timestamp)) return dead('tz_missing');
  const timeMs = Date.parse(timestamp);
  if (Number.isNaN(timeMs)) return dead('schema');
  return { _tag: 'claimed', device, timeMs, values, messageId: null };
};

const isId = (id: string): boolean => /^[\p{L}\p{N}._:-]{1,128}$/u.test(id);

const checked = (claimed: Claimed, timestampMs: number): Said => {
  if (claimed._tag !== 'claimed') return claimed;
  const { device, timeMs, values, messageId } = claimed;
  if (values.size === 0) return dead('schema');
  for (const [metric, value] of values) {
    const [min, max] = rules.ranges[metric] ?? [0, 0];
    if (value < min || value > max) return dead('out_of_range');
  }
  if (timeMs > timestampMs + rules.maxAheadMs) return dead('ts_future');
  if (timeMs < timestampMs - rules.maxPastMs) return dead('ts_past');
  return { _tag: 'reading', device, timeMs, values, messageId };
};
