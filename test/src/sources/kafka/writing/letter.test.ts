import { isLeft } from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { record, type RawParts } from '../../../../../marbles/kit/raw.js';
import { testSettings } from '../../../../../marbles/kit/settings.js';
import { letterOf } from '../../../../../src/sources/kafka/writing/letter.js';
import type { Rejection } from '../../../../../streams/model/rejection.js';
import { parse } from '../../../../../streams/stages/parse.js';
import { validate } from '../../../../../streams/stages/validate.js';
import { PartitionState } from '../../../../../streams/state/partition-state.js';

const source = { topic: 'device-data', partition: 0 };

const headerOf = (rejection: Rejection, name: string): string =>
  String(letterOf(source, { origin: record(), rejection }).headers?.[`__connect.errors.${name}`]);

/** Which of the first two steps really turns it away, and with what. */
const rejectedBy = (parts: RawParts): readonly [string, string] => {
  const origin = record(parts);
  const parsed = parse(testSettings(), PartitionState.empty(source))(origin, origin);
  const judged = isLeft(parsed) ? parsed : validate(testSettings())(parsed.right, origin);
  if (!isLeft(judged) || !('message' in judged.left)) throw new Error('it was not rejected');
  return [isLeft(parsed) ? 'parse' : 'validate', headerOf(judged.left, 'stage')];
};

const flat = (more: object): string => JSON.stringify({ device_id: 'd1', temperature: 20, ...more });

test.each<[string, RawParts]>([
  ['not_json', { value: 'x' }],
  ['schema', { value: '{}' }],
  ['bad_id', { device: 'no id' }],
  ['ts_missing', { value: flat({}) }],
  ['ts_unit', { value: flat({ timestamp: 1_700_000_000 }) }],
  ['tz_missing', { value: flat({ timestamp: '2025-01-01T00:00:00' }) }],
  ['out_of_range', { readings: { temperature: 999 } }],
  ['ts_future', { atMs: 1_700_000_000_000, timestampMs: 1 }],
  ['ts_past', { atMs: 1_600_000_000_000, timestampMs: 1_700_000_000_000 }],
])('a letter of %s names the step that rejects it', (_tag, parts) => {
  const [rejects, named] = rejectedBy(parts);
  expect(named).toBe(rejects);
});

test('what comes late is turned away by watermark, what a stage throws on by that stage, an unknown unit by validate', () => {
  const message = 'said';
  expect(headerOf({ _tag: 'late', lateByMs: 9, message }, 'stage')).toBe('watermark');
  expect(headerOf({ _tag: 'faulted', stage: 'spikes', message }, 'stage')).toBe('spikes');
  expect(headerOf({ _tag: 'unknown_unit', path: 'temperature', message }, 'stage')).toBe('validate');
});

test.each([
  ['temperature', 'temperature: 999 °C is outside', 'temperature: 999 °C is outside'],
  ['temperature', 'the unit is unknown', 'temperature: the unit is unknown'],
  ['', 'the record holds no reading', 'the record holds no reading'],
])('the path %j is said once with %j', (path, message, said) => {
  expect(headerOf({ _tag: 'schema', path, message }, 'exception.message')).toBe(said);
});
