import type { Arbitrary } from 'fast-check';
import type { RawRecord } from '../../streams/model/raw-record.js';
import type { MetricSetting } from '../../streams/model/settings.js';
import type { Rules } from '../../streams/rules/rules.js';
import type { TestSettings } from './settings.js';
import { unknownProfile } from '../../streams/state/latest-memory.js';
import type { WireFormat } from '../../streams/model/telemetry.js';
import { fastCheck, printed } from './fast-check.js';
import { record } from './raw.js';
import { shown } from './shown.js';

/** The records of one partition, in order of offset; offsets have gaps, as they have in Kafka. Printed one record a line. */
export class Log {
  constructor(readonly records: readonly RawRecord[]) {}

  [printed](): string {
    return this.toString();
  }

  toString(): string {
    return this.records.map((one) => `\n    ${one.offset}  ${one.timestampMs}  ${shown(one)}`).join('');
  }
}

/** What `logs` draws for each record, before it is put in its place in the log. */
interface Drawn {
  readonly device: string;
  /** How far Kafka's timestamp moves on, ms; it may go back. */
  readonly stepMs: number;
  /** How far the event is behind Kafka's timestamp, ms. */
  readonly behindMs: number;
  readonly readings: Readonly<Record<string, number>>;
  readonly messageId: string | null;
  readonly format: WireFormat;
  readonly type: string;
  readonly status: string;
  readonly trouble: 'none' | 'tombstone' | 'not_json' | 'no_telemetry';
  /** Offsets left out before it. */
  readonly gap: number;
  /** So many in a row. Log time believes in a leap only after many records. */
  readonly repeats: number;
}

/**
 * Draws logs that are hard on operators: three devices, one of them nearly silent, which now and then say that they are of another type; all three formats; events late, ahead, out of order
 * and at equal times, exactly on the edges of windows and of lateness; the same message again; readings absent, zero and exactly on
 * the levels of alerts; tombstones and broken records; timestamps that go back or leap; gaps between offsets.
 */
export const logs = (settings: TestSettings, maxRecords = 40): Arbitrary<Log> =>
  fastCheck()
    .array(drawn(settings), { maxLength: maxRecords, size: 'max' })
    .map((all) => placed(all, settings));

const drawn = (settings: TestSettings): Arbitrary<Drawn> =>
  fastCheck().record({
    device: weighted([6, 'a'], [4, 'b'], [1, 'c']),
    stepMs: steps(settings),
    behindMs: delays(settings),
    readings: readings(settings.rules),
    messageId: weighted([3, null], [1, 'm1'], [1, 'm2'], [1, 'm3']),
    format: weighted<WireFormat>([2, 'nested'], [1, 'flat']),
    type: weighted([6, 'sensor'], [1, 'motor']),
    status: weighted([4, 'online'], [1, 'error']),
    trouble: weighted<Drawn['trouble']>([20, 'none'], [1, 'tombstone'], [1, 'not_json'], [1, 'no_telemetry']),
    gap: weighted([6, 0], [1, 1], [1, 3]),
    repeats: weighted([30, 1], [1, 17]),
  });

const weighted = <A>(...choices: readonly (readonly [weight: number, value: A])[]): Arbitrary<A> =>
  fastCheck().oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fastCheck().constant(value) })));

const steps = ({ window, time }: TestSettings): Arbitrary<number> =>
  fastCheck().oneof(
    {
      weight: 6,
      arbitrary: fastCheck().constantFrom(0, 1, Math.ceil(window.sizeMs / 10), Math.ceil(window.sizeMs / 3)),
    },
    {
      weight: 2,
      arbitrary: fastCheck().constantFrom(
        window.sizeMs,
        window.allowedLatenessMs,
        window.sizeMs + window.allowedLatenessMs,
      ),
    },
    { weight: 1, arbitrary: fastCheck().integer({ min: 0, max: window.sizeMs }) },
    {
      weight: 1,
      arbitrary: fastCheck().constantFrom(-Math.ceil(window.sizeMs / 10), time.maxAheadMs, time.maxAheadMs + 1),
    },
  );

const delays = ({ window, time }: TestSettings): Arbitrary<number> => {
  const closesMs = window.sizeMs + window.allowedLatenessMs;
  return fastCheck().oneof(
    { weight: 8, arbitrary: fastCheck().constantFrom(0, 0, 0, 1, Math.ceil(window.sizeMs / 3)) },
    {
      weight: 3,
      arbitrary: fastCheck().constantFrom(
        window.allowedLatenessMs,
        window.sizeMs,
        closesMs - 1,
        closesMs,
        closesMs + 1,
      ),
    },
    { weight: 1, arbitrary: fastCheck().integer({ min: -time.maxAheadMs, max: 2 * closesMs }) },
    { weight: 1, arbitrary: fastCheck().constantFrom(-time.maxAheadMs, -time.maxAheadMs - 1, time.maxPastMs + 1) },
  );
};

const readings = (rules: Rules): Arbitrary<Readonly<Record<string, number>>> => {
  const slots = rules.metrics.flatMap((metric, slot) =>
    metric.isDerived
      ? []
      : [
          [
            metric.name,
            fastCheck().option(fastCheck().constantFrom(...valuesOf(metric, levelsOf(rules, slot))), {
              nil: NaN,
              freq: 2,
            }),
          ] as const,
        ],
  );
  return fastCheck()
    .record(Object.fromEntries(slots))
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => !Number.isNaN(value))));
};

/** Where alerts and checks change their mind about a metric. */
const levelsOf = (rules: Rules, slot: number): readonly number[] => {
  const alerts = rules.alerts.flatMap(({ input, levels }) =>
    input._tag === 'reading' && input.metric === slot
      ? levels.flatMap(({ raise, clear }) => [...raise.edges, ...clear.edges])
      : [],
  );
  const { checks } = rules.planOf({ id: '', profile: unknownProfile });
  const ofChecks = checks.flatMap(({ claim }) => claim.edges.filter((edge) => edge.slot === slot));
  return [...alerts, ...ofChecks.map(({ value }) => value)];
};

/** Levels of rules and what lies around them, zero, the ends of the range, and now and then a value outside of it. */
const valuesOf = ({ min, max }: MetricSetting, levels: readonly number[]): readonly number[] => {
  const middle = (min + max) / 2;
  const inside = [0, min, max, middle, middle + 0.1, ...levels.flatMap((level) => [level - 0.5, level, level + 0.5])];
  const allowed = inside.filter((value) => value >= min && value <= max);
  return [...allowed, ...allowed, max + 1];
};

const placed = (all: readonly Drawn[], { window }: TestSettings): Log => {
  const records: RawRecord[] = [];
  let timestampMs = Math.ceil(1.7e12 / window.sizeMs) * window.sizeMs;
  let offset = 0;
  for (const one of all) {
    timestampMs += one.stepMs;
    offset += one.gap;
    for (let i = 0; i < one.repeats; i += 1) {
      const { device, readings: said, type, status } = one;
      const messageId = one.repeats > 1 ? null : one.messageId;
      const format = messageId === null ? one.format : 'envelope';
      const atMs = timestampMs - one.behindMs;
      const value = textOf(one.trouble);
      records.push(
        record({ device, readings: said, type, status, messageId, format, atMs, timestampMs, offset, ...value }),
      );
      offset += 1;
    }
  }
  return new Log(records);
};

const textOf = (trouble: Drawn['trouble']): { readonly value?: string | null } => {
  switch (trouble) {
    case 'none':
      return {};
    case 'tombstone':
      return { value: null };
    case 'not_json':
      return { value: 'temperature: 20' };
    case 'no_telemetry':
      return { value: '{"message_id":"h","message_type":"heartbeat"}' };
  }
};
