import fc from 'fast-check';
import type { LogRecord } from '../e2e/oracle/rules.js';

interface Plan {
  readonly device: number;
  readonly passedMs: number;
  readonly behindMs: number;
  readonly shape: 'flat' | 'nested' | 'envelope';
  readonly readings: Readonly<Record<string, number>>;
  readonly unit: string;
  readonly status: string | null;
  readonly place: string | null;
  readonly message: number;
  readonly spoilt: Spoilt;
}

/** Mostly around the alert levels. */
const value = (min: number, max: number, levels: readonly number[]): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: min * 10, max: max * 10 }).map((tenths) => tenths / 10) },
    { weight: 2, arbitrary: fc.constantFrom(...levels) },
  );

const readings = fc.record(
  {
    temperature: value(-20, 60, [0, 5, 6, 38, 40, 40.1, 45, 45.5, 43]),
    humidity: value(5, 100, [0, 20, 22, 78, 80, 81, 90, 91, 88]),
    pressure: value(850, 1150, [900, 899.9, 905, 1100, 1100.1, 1095]),
    current: value(0, 12, [0, 8, 8.1, 7.5]),
    switch: fc.constantFrom(0, 1),
    battery: value(0, 100, [0, 20, 19, 22, 10, 9, 12]),
    signal: value(-110, 0, [-1]),
  },
  { requiredKeys: [] },
);

const spoils = [
  ...['tombstone', 'empty', 'text', 'cut', 'bytes', 'array', 'deep', 'large', 'forbidden', 'number as text', 'bad id'],
  ...[
    'out of range',
    'no time',
    'seconds',
    'no zone',
    'infinite',
    'unknown type',
    'heartbeat',
    'odd unit',
    'no reading',
  ],
] as const;
type Spoilt = (typeof spoils)[number] | null;

const plan: fc.Arbitrary<Plan> = fc.record({
  device: fc.oneof({ weight: 5, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.nat(5) }),
  passedMs: fc.oneof(
    { weight: 30, arbitrary: fc.nat(6).map((halves) => halves * 500) },
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 12 }).map((fives) => fives * 5_000) },
    { weight: 1, arbitrary: fc.integer({ min: -100_000, max: 0 }) },
    { weight: 1, arbitrary: fc.constantFrom(290_000, 301_000, 900_000, -700_000) },
  ),
  behindMs: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(0, 1_000, 2_000, 5_000) },
    { weight: 4, arbitrary: fc.nat(130).map((seconds) => seconds * 1_000) },
    { weight: 1, arbitrary: fc.integer({ min: -320_000, max: 0 }) },
    { weight: 1, arbitrary: fc.constantFrom(-300_000, -300_001, 604_800_000, 604_800_001) },
  ),
  shape: fc.constantFrom('flat', 'nested', 'envelope'),
  readings,
  unit: fc.constantFrom('', '', '°F', 'K'),
  status: fc.constantFrom(null, 'online', '正常', 'warning', '故障', 'odd'),
  place: fc.constantFrom(null, 'north', 'south'),
  message: fc.nat(20),
  spoilt: fc.oneof({ weight: 12, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...spoils) }),
});

const written = (plans: readonly Plan[]): readonly LogRecord[] => {
  let timestampMs = 1_730_000_000_000;
  let offset = 0;
  return plans.map((one) => {
    timestampMs += one.passedMs;
    // Offsets of a log may have gaps.
    offset += one.message === 0 ? 3 : 1;
    const value = valueOf(one, Math.floor((timestampMs - one.behindMs) / 100) * 100);
    return { topic: 'device-data', partition: 3, offset, timestampMs, value };
  });
};

const valueOf = (plan: Plan, timeMs: number): Buffer | null => {
  const text = JSON.stringify(bodyOf(plan, timeMs));
  const spoil = bytesSpoilt[plan.spoilt ?? ''];
  return spoil === undefined ? Buffer.from(text) : spoil(text);
};

const ending = (text: string, end: string): Buffer => Buffer.from(`${text.slice(0, -1)},${end}`);

const bytesSpoilt: Readonly<Record<string, (text: string) => Buffer | null>> = {
  tombstone: () => null,
  empty: () => Buffer.alloc(0),
  text: () => Buffer.from('no telemetry'),
  cut: (text) => Buffer.from(text.slice(0, -3)),
  bytes: (text) => Buffer.concat([ending(text, '"'), Buffer.from([0xff]), Buffer.from('":1}')]),
  array: (text) => Buffer.from(`[${text}]`),
  deep: (text) => ending(text, `"x":${'['.repeat(17)}${']'.repeat(17)}}`),
  large: (text) => ending(text, `"x":"${'x'.repeat(66_000)}"}`),
  forbidden: (text) => ending(text, '"x":{"\\u005f_proto__":1}}'),
  infinite: (text) => Buffer.from(text.replace(/("(?:value|temperature)"):[-\d.]+/, '$1:1e999')),
};

const spoiltTime = (plan: Plan, timeMs: number): unknown => {
  if (plan.spoilt === 'no time') return undefined;
  if (plan.spoilt === 'seconds') return Math.floor(timeMs / 1_000);
  if (plan.shape !== 'flat') return timeMs;
  const text = new Date(timeMs).toISOString();
  return plan.spoilt === 'no zone' ? text.slice(0, -1) : plan.message % 2 === 0 ? text : inShanghai(timeMs);
};

const inShanghai = (timeMs: number): string => new Date(timeMs + 8 * 3_600_000).toISOString().replace('Z', '+08:00');

const bodyOf = (plan: Plan, timeMs: number): unknown => {
  const id = plan.spoilt === 'bad id' ? 'de vice' : `device-${plan.device}`;
  const read = plan.spoilt === 'no reading' ? {} : { ...plan.readings };
  if (plan.spoilt === 'out of range') read['humidity'] = 100.5;
  const timestamp = spoiltTime(plan, timeMs);
  const { status, place } = plan;
  if (plan.shape === 'flat') {
    const { battery, ...others } = read;
    const spoilt = plan.spoilt === 'number as text' ? { temperature: '21' } : {};
    return { device_id: id, timestamp, status, location: place, battery_level: battery, ...others, ...spoilt };
  }
  const nested = { device_id: id, timestamp, status, ...membersOf(plan, read) };
  if (plan.shape === 'nested') return nested;
  const type = plan.spoilt === 'unknown type' ? 'novel' : plan.spoilt === 'heartbeat' ? 'heartbeat' : 'device_data';
  return { message_id: `m${plan.message}`, message_type: type, timestamp: 1, payload: { device: nested } };
};

const membersOf = (
  plan: Plan,
  { battery, signal, switch: on, ...sensed }: Readonly<Record<string, number>>,
): object => {
  const sensors: Record<string, unknown> = { last_update: 1 };
  for (const [name, value] of Object.entries(sensed)) sensors[name] = sensorOf(plan, name, value);
  if (on !== undefined) sensors['switch_status'] = { value: on === 1, status: 'on' };
  return {
    sensors,
    device_type: 'sensor',
    location: plan.place === null ? null : { building: plan.place, floor: plan.message % 3 },
    device_info: { model: 'M1', battery, signal_strength: signal },
  };
};

const sensorOf = (plan: Plan, name: string, value: number): unknown => {
  if (plan.spoilt === 'number as text') return { value: String(value) };
  if (plan.spoilt === 'odd unit') return { value, unit: 'furlong' };
  const status = plan.message % 7 === 0 ? 'warning' : 'normal';
  if (name !== 'temperature' || plan.unit === '') return { value, status };
  return { value: plan.unit === 'K' ? value + 273.15 : (value * 9) / 5 + 32, unit: plan.unit, status };
};

/**
 * Logs of a handful of devices that do everything at once: three formats, ties, late and very late records, clocks ahead, jumps of the log's
 * own time, silences, message ids sent again, readings around every alert level, and records that are no telemetry.
 */
export const logs: fc.Arbitrary<readonly LogRecord[]> = fc
  .array(plan, { minLength: 1, maxLength: 400, size: 'max' })
  .map(written);
