import fc from 'fast-check';
import { ingestMs } from './fixtures.js';

/** Record values as they might come: right ones of all three formats, with some members replaced, added or left out, and texts spoilt. */

type Json = Readonly<Record<string, unknown>>;

const some = (model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Json> =>
  fc.record(model, { requiredKeys: [] });
const word = fc.constantFrom(null, '', 'online', 'normal', 'warning', '故障', 'odd');
const reading = fc.oneof(fc.double({ min: 0, max: 100, noNaN: true }), fc.constantFrom(0, -0, 100));

const sensor = (units: readonly string[], value: fc.Arbitrary<unknown> = reading): fc.Arbitrary<unknown> =>
  fc.record({ value, unit: fc.constantFrom(null, '', ...units), status: word }, { requiredKeys: ['value'] });
const sensors = some({
  temperature: sensor(['°C', '°F', 'K', '℃']),
  humidity: sensor(['%', '%RH', 'ratio', 'percent', 'furlong']),
  pressure: sensor(
    ['hPa', 'Pa', 'bar', 'mbar', 'psi', 'kPa', 'mmHg', 'MPa'],
    fc.constantFrom(0.1, 14.5, 76_000, 1_000, 900.5),
  ),
  current: sensor(['A', 'mA']),
  switch_status: sensor(['x'], fc.constantFrom(true, false, 0, 1, 0.5)),
  // Names that mean nothing there.
  ...{ switch: sensor([]), battery: sensor([]), toString: sensor([]), last_update: fc.constant(7) },
});
const info = some({
  battery: reading,
  signal_strength: reading.map((value) => -value),
  model: word,
  serial_number: word,
});
const place = some({ building: word, room: word, floor: fc.nat(9), latitude: reading });

const times = [ingestMs, ingestMs - 77, ingestMs + 300_000, ingestMs + 300_001, ingestMs - 604_800_000];
const odd = [ingestMs - 604_800_001, 1_754_100_930, 1e15, ingestMs + 0.5, 0];
const nestedTime = fc.constantFrom<unknown>(...times, ...times, ...odd);
const flatTimes = ['2025-08-02T10:15:30.123456789+08:00', '2025-08-02 02:15:30Z', '2025-08-02T10:14:60+08:00'];
const oddFlatTimes = [
  '2025-08-02T10:15:30',
  '2025-02-30T00:00:00Z',
  '2025-08-02T24:00:00Z',
  '2025-08-02',
  ingestMs,
  '',
];
const farFlatTimes = ['2025-08-02T02:20:30.201Z', '2025-07-26T02:15:30.199Z', '2025-07-26T02:15:30.200Z'];
const flatTime = fc.constantFrom<unknown>(...flatTimes, ...flatTimes, ...oddFlatTimes, ...farFlatTimes);
const id = fc.constantFrom(
  'd-1',
  'd.2',
  'd_3',
  '设备:1',
  '温度',
  'Ünï-4',
  '𠀀'.repeat(128),
  '𠀀'.repeat(129),
  'a b',
  '',
);

const nested = fc.record(
  {
    device_id: id,
    timestamp: nestedTime,
    sensors,
    location: place,
    device_info: info,
    status: word,
    device_type: word,
  },
  { requiredKeys: ['device_id', 'timestamp', 'sensors'] },
);
const scalars = some({
  ...{
    temperature: reading,
    humidity: reading,
    pressure: fc.constant(1_000),
    current: reading,
    switch: fc.constant(1),
  },
  ...{ battery: reading, battery_level: reading, signal: fc.constant(-40), location: word, status: word },
});
const flat = fc.tuple(id, flatTime, scalars).map(([device_id, timestamp, rest]) => ({ device_id, timestamp, ...rest }));
const types = ['heartbeat', 'alert', 'command', 'novel', 'toString'];
const envelope = fc
  .tuple(
    fc.constantFrom('m-1', 'x'.repeat(256), 'x'.repeat(257)),
    fc.oneof({ weight: 4, arbitrary: fc.constant('device_data') }, fc.constantFrom(...types)),
    nested,
  )
  .map(([message_id, message_type, device]) => ({ message_id, message_type, timestamp: 1, payload: { device } }));

/** What no member may be, or some may. */
const intruder = fc.constantFrom<unknown>(
  null,
  true,
  '',
  'x',
  '21.5',
  0,
  -0,
  1,
  21.5,
  150.5,
  -200,
  1e300,
  [],
  {},
  [1],
  { value: 1 },
  'furlong',
);
const change = fc.tuple(
  fc.nat(),
  fc.option(intruder, { nil: undefined }),
  fc.constantFrom(null, 'temperature', 'sensors', 'message_id', 'x'),
);

const pathsOf = (value: unknown): readonly (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [[key], ...pathsOf(inner).map((path) => [key, ...path])])
    : [];

/** Undefined takes the member away. */
const replaced = (value: Json, [key = '', ...rest]: readonly string[], by: unknown, as: string | null): Json => {
  if (rest.length === 0) return { ...value, [as ?? key]: by };
  return { ...value, [key]: replaced(value[key] as Json, rest, by, as) };
};

const changed = fc
  .tuple(fc.oneof(nested, flat, envelope), fc.array(change, { maxLength: 2 }))
  .map(([record, changes]) =>
    changes.reduce<Json>((at, [which, by, as]) => {
      const paths = pathsOf(at);
      return replaced(at, paths[which % paths.length] ?? [], by, as);
    }, record),
  );
const texts = changed.map((record) => JSON.stringify(record));

const pieces = [
  '',
  '"',
  '\\',
  '{',
  '}',
  '['.repeat(20),
  ',',
  'e',
  '-',
  '\u0000',
  '\ufeff',
  '0',
  '"__proto__":1,',
  '1e999',
  '😀',
];
const spoilt = fc
  .tuple(texts, fc.nat(), fc.nat(3), fc.constantFrom(...pieces))
  .map(([text, at, gone, by]) => text.slice(0, at % text.length) + by + text.slice((at % text.length) + gone));
const beginnings = fc.tuple(texts, fc.nat()).map(([text, at]) => text.slice(0, at % text.length));

const bytes = fc.tuple(texts, fc.nat(), fc.uint8Array({ maxLength: 3 })).map(([text, at, by]) => {
  const of = Buffer.from(text);
  return Buffer.concat([of.subarray(0, at % of.length), by, of.subarray(at % of.length)]);
});

export const wireRecords: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 8, arbitrary: texts.map((text) => Buffer.from(text)) },
  { weight: 2, arbitrary: spoilt.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: beginnings.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: bytes },
);
