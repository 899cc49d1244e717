import { isObject } from '../../streams/codecs/json-body.js';
import { parseRfc3339 } from '../../streams/codecs/rfc3339.js';
import { RawRecord, type RecordHeaders } from '../../streams/model/raw-record.js';
import { isTimeInMs } from '../../streams/stages/event-time.js';
import { asOffset } from '../../streams/model/units.js';

type Mapping = Readonly<Record<string, unknown>>;

/** A line of a file, as a record of a partition. */
export interface RecordedLine {
  readonly partition: number;
  readonly record: RawRecord;
}

/** What is wrong with a line that says how it was recorded. */
export interface LineFault {
  readonly fault: string;
}

/**
 * Reads a line: the value of a record in any wire format; or a mapping of `value` (a text, or an object; null for a tombstone) and
 * `timestamp` (epoch ms, or RFC 3339), and perhaps `key`, `headers` and `partition`, also under kcat's names `payload` and `ts`. The log time of a
 * value alone is its event time; when it has none, that of the line before. `index` counts lines from 0 and becomes the offset.
 */
export const recordedLine = (bytes: Buffer, index: number, logBeforeMs: number): RecordedLine | LineFault => {
  const parsed = jsonOf(bytes);
  if (isWrapper(parsed)) return ofWrapper(parsed, index);
  const timestampMs = eventTimeOf(parsed) ?? logBeforeMs;
  return { partition: 0, record: RawRecord.of({ offset: asOffset(index), timestampMs, value: bytes }) };
};

const jsonOf = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return null;
  }
};

const isWrapper = (u: unknown): u is Mapping =>
  isObject(u) &&
  !('device_id' in u) &&
  !('message_id' in u) &&
  ('value' in u || 'payload' in u) &&
  ('timestamp' in u || 'ts' in u);

const ofWrapper = (line: Mapping, index: number): RecordedLine | LineFault => {
  const timestampMs = timeOf(line['timestamp'] ?? line['ts']);
  if (timestampMs === null)
    return { fault: 'timestamp: expected epoch milliseconds, or an RFC 3339 time with its zone' };
  const value = line['value'] ?? line['payload'] ?? null;
  if (typeof value !== 'string' && value !== null && !isObject(value))
    return { fault: 'value: expected a text, an object or null' };
  const { key = null, partition = 0 } = line;
  if (key !== null && typeof key !== 'string') return { fault: 'key: expected a text or null' };
  if (typeof partition !== 'number' || !Number.isInteger(partition) || partition < 0)
    return { fault: 'partition: expected a whole number' };
  const headers = headersOf(line['headers']);
  if (headers === null) return { fault: 'headers: expected a mapping of names to texts' };
  return {
    partition,
    record: RawRecord.of({
      offset: asOffset(index),
      timestampMs,
      key,
      value: isObject(value) ? JSON.stringify(value) : value,
      headers,
    }),
  };
};

const headersOf = (headers: unknown): RecordHeaders | null => {
  if (headers === undefined || headers === null || Array.isArray(headers)) return {};
  if (!isObject(headers)) return null;
  const texts = Object.entries(headers);
  if (!texts.every(([, text]) => typeof text === 'string' || text === null)) return null;
  return Object.fromEntries(texts.map(([name, text]) => [name, typeof text === 'string' ? Buffer.from(text) : null]));
};

const timeOf = (u: unknown): number | null => {
  if (typeof u === 'number') return isTimeInMs(u) ? u : null;
  const ms = typeof u === 'string' ? parseRfc3339(u) : null;
  return typeof ms === 'number' ? ms : null;
};

/** Where the three formats have it; null when there is none to be read. */
const eventTimeOf = (body: unknown): number | null => {
  if (!isObject(body)) return null;
  if (!('message_id' in body)) return timeOf(body['timestamp']);
  const payload = body['payload'];
  const device = isObject(payload) ? payload['device'] : null;
  return isObject(device) ? timeOf(device['timestamp']) : null;
};
