import fc from 'fast-check';
import { type Either, isLeft } from 'fp-ts/lib/Either.js';
import type { Rejection, Skip } from '../../../streams/model/rejection.js';
import type { Telemetry } from '../../../streams/model/telemetry.js';
import { parse } from '../../../streams/stages/parse.js';
import { PartitionState } from '../../../streams/state/partition-state.js';
import { bytesOf, namesIn, recordOf, settings, source } from '../fixtures.js';

/** Records of every format, and what is made of them by changing scalars or bytes. */
export const texts = [
  ...namesIn('records').map((name) => bytesOf(`records/${name}`).toString()),
  '{"device_id":"d","timestamp":"2025-08-02T10:15:30+08:00","status":null,"battery":1,"battery_level":null,"humidity":0,"extra":"x"}',
  '{"sensors":{"temperature":{"unit":"°F","value":70,"status":"warning"},"humidity":null,"noise":{"value":"loud"}},"temperature":"no reading here","device_id":"设备","timestamp":1754100930123,"location":null,"device_info":{}}',
  '{"message_id":"m","message_type":"device_data","timestamp":"at noon","payload":{"device":{"device_id":"d","timestamp":1754100930123,"sensors":{"switch_status":{"value":true,"status":"off"},"pressure":{"value":1,"unit":"bar"}},"status":"故障"}},"tags":["a",{"b":[]}]}',
  // Each is laid out like one that is good, and is not.
  '{"device_id":"d","device_id":"e","timestamp":"2025-08-02T10:15:30+08:00","humidity":1}',
  '{"device_id":"d","timestamp":"2025-08-02T10:15:30+08:00","__proto__":1,"humidity":1}',
];

/** Scalars as they are written. */
export const scalar = fc.oneof(
  fc.constantFrom('null', 'true', 'false', '0', '-0', '1', '01', '1e3', '1E999', '-40', '21.873456789012344', '70.00', '9007199254740993', '.5', 'nul'), // prettier-ignore
  fc.constantFrom('""', '"d-2"', '"a b"', '"\\u0041"', '"a\\n"', '"K"', '"furlong"', '"bad\uFFFD"', '"°C"', '"novel"', '"heartbeat"', '"device_data"'), // prettier-ignore
  fc.constantFrom('"2025-08-02T10:15:59.5Z"', '"2025-08-02T10:15:30"', '"2025-08-02T10:16:00.25-03:00"', '"error"', `"${'x'.repeat(257)}"`, '1754100930', '1754100930999'), // prettier-ignore
  fc.double({ noNaN: true }).map(String),
  fc.string({ unit: 'binary', maxLength: 12 }).map((value) => JSON.stringify(value)),
);

/** A scalar that is the value of a member or the element of an array. */
const places = /(?<=[:[,]\s*)(?:"(?:[^"\\]|\\.)*"(?!\s*:)|[-\d][^,}\]\s]*|true|false|null)/g;

export const changed = (text: string, changes: readonly (readonly [at: number, by: string])[]): string => {
  const count = text.match(places)?.length ?? 0;
  const wanted = new Map(changes.map(([at, by]) => [at % Math.max(1, count), by]));
  let index = -1;
  return text.replace(places, (before) => wanted.get((index += 1)) ?? before);
};

/** Bytes that are no UTF-8 in place of a mark. */
const spoilt = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  const at = bytes.indexOf('\uFFFD');
  if (at >= 0) bytes[at] = 0xff;
  return bytes;
};

export const streams = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...texts), { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(), fc.array(fc.tuple(fc.nat(), scalar), { maxLength: 3 }), fc.boolean()), {
      minLength: 1,
      maxLength: 12,
    }),
  ) // prettier-ignore
  .map(([kinds, records]) => [
    ...kinds.map((text) => Buffer.from(text)),
    ...records.map(([which, changes, isSpoilt]) => {
      const text = changed(kinds[which % kinds.length] ?? '', changes);
      return isSpoilt ? spoilt(text) : Buffer.from(text);
    }),
  ]);

export const shown = (result: Either<Rejection | Skip, Telemetry>) => {
  if (isLeft(result)) return result.left;
  const { device, ...telemetry } = result.right;
  return { device: device.id, ...telemetry };
};

export const parser = () => parse(settings, PartitionState.empty(source));
export const first = (value: Buffer) => {
  const record = recordOf(value);
  return shown(parser()(record, record));
};

/** Bytes put in the place of others. */
export const edits = fc.array(
  fc.tuple(
    fc.nat(),
    fc.constantFrom(0, 1, 1, 1, 1, 2, 9),
    fc.oneof(
      fc.constantFrom(...['', '"', '\\', ',', '}', '.', '-', 'e', ':', ' ', '0', '9', '00', '1.5', 'true', 'null', '\u0000', '\u007f', 'é', '"x":1,', 'a"'].map((text) => Buffer.from(text))), // prettier-ignore
      fc.uint8Array({ minLength: 1, maxLength: 2 }).map((bytes) => Buffer.from(bytes)),
    ),
  ),
  { minLength: 0, maxLength: 2 },
);

export const edited = (bytes: Buffer, changes: readonly (readonly [at: number, gone: number, by: Buffer])[]): Buffer =>
  changes.reduce((before, [where, gone, by]) => {
    const at = where % before.length;
    return Buffer.concat([before.subarray(0, at), by, before.subarray(at + gone)]);
  }, bytes);
