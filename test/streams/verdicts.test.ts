import fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { RawRecord } from '../../streams/model/raw-record.js';
import type { Telemetry } from '../../streams/model/telemetry.js';
import { parse } from '../../streams/stages/parse.js';
import { transform } from '../../streams/stages/transform.js';
import { validate } from '../../streams/stages/validate.js';
import { PartitionState } from '../../streams/state/partition-state.js';
import { readRecord } from '../e2e/oracle/read-record.js';
import { bytesOf, ingestMs, namesIn, recordOf, settings, source } from './fixtures.js';
import { wireRecords } from './wire-records.js';

const [parsed, validated, transformed] = [
  parse(settings, PartitionState.empty(source)),
  validate(settings),
  transform(settings),
];

interface Verdict {
  /** `reading`, `skipped`, or the reason. */
  readonly says: string;
  readonly device?: string;
  readonly timeMs?: number;
  readonly messageId?: string | null;
  readonly quality?: string;
  readonly values?: Readonly<Record<string, number>>;
}

const ofStages = (record: RawRecord): Verdict => {
  let result = parsed(record, record);
  if (!isLeft(result)) result = validated(result.right, record);
  if (!isLeft(result)) result = transformed(result.right, record);
  if (!isLeft(result)) return ofTelemetry(result.right);
  const { _tag } = result.left;
  return { says: _tag === 'tombstone' || _tag === 'not_telemetry' ? 'skipped' : _tag };
};

const ofTelemetry = ({ device, eventTimeMs: timeMs, messageId, quality, readings }: Telemetry): Verdict => ({
  says: 'reading',
  ...{ device: device.id, timeMs, messageId, quality },
  values: rounded(settings.metrics.map(({ name }, i) => [name, readings[i] ?? NaN])),
});

const ofOracle = (value: Buffer | null): Verdict => {
  const said = readRecord({ topic: source.topic, partition: 0, offset: 0, timestampMs: ingestMs, value });
  if (said._tag !== 'reading') return { says: said._tag === 'dead' ? said.reason : 'skipped' };
  const { device, timeMs, messageId, quality } = said;
  return { says: 'reading', device, timeMs, messageId, quality, values: rounded([...said.values]) };
};

/** The oracle converts units by formulas of its own, so the last digits may differ. */
const rounded = (entries: readonly (readonly [string, number])[]): Record<string, number> =>
  Object.fromEntries(
    entries
      .filter(([, value]) => !Number.isNaN(value))
      .map(([name, value]) => [name, Number(value.toPrecision(10)) + 0] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

const files = [...namesIn('records').map((name) => `records/${name}`), ...namesIn('bad').map((name) => `bad/${name}`)];
const fixtures = files.map((file) => ({ file, value: bytesOf(file) }));

const agree = (value: Buffer | null): string => {
  const verdict = ofStages(recordOf(value));
  expect(verdict).toEqual(ofOracle(value));
  return verdict.says;
};

describe('the stages and an oracle that shares no code with them read a record alike', () => {
  test.each(fixtures)('$file', ({ value }) => {
    agree(value);
  });

  test('a tombstone', () => {
    expect(agree(null)).toBe('skipped');
  });

  test('any record, right, wrong or spoilt', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(wireRecords, (value) => {
        const says = agree(value);
        seen.set(says, (seen.get(says) ?? 0) + 1);
      }),
      { numRuns: Number(process.env['VERDICT_RUNS'] ?? 3_000) },
    );
    expect(everyVerdict.filter((says) => (seen.get(says) ?? 0) === 0)).toEqual([]);
  });
});

const everyVerdict = [
  ...['reading', 'skipped', 'schema', 'bad_id', 'out_of_range', 'unknown_unit', 'not_json', 'truncated'],
  ...['ts_missing', 'ts_unit', 'tz_missing', 'ts_future', 'ts_past', 'invalid_utf8', 'too_deep'],
];
