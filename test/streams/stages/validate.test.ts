import { isLeft } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { Device } from '../../../streams/model/device.js';
import { Telemetry } from '../../../streams/model/telemetry.js';
import { validate } from '../../../streams/stages/validate.js';
import { unknownProfile } from '../../../streams/state/latest-memory.js';
import { testSettings } from '../../../marbles/kit/settings.js';
import { recordOf } from '../fixtures.js';

const { metrics } = testSettings({
  metrics: [
    { name: 'temperature', unit: '°C', min: -50, max: 150 },
    { name: 'current', unit: 'A', min: 0, max: 100 },
  ],
});
const stage = validate({ metrics, time: { maxAheadMs: 1_000, maxPastMs: 5_000 } });
const origin = recordOf('', 0, { timestampMs: 100_000 });
const telemetry = (readings: number[], eventTimeMs = 100_000, units: (string | null)[] | null = null): Telemetry =>
  new Telemetry(new Device('d-1'), eventTimeMs, readings, units, 'good', unknownProfile, null, 'nested');
const verdict = (of: Telemetry): unknown => {
  const result = stage(of, origin);
  return isLeft(result) ? result.left : result.right === of && 'passes as it is';
};

describe('validate', () => {
  test.each([[[-50, NaN]], [[150, 100]], [[NaN, 0]], [[0, 0]]])('lets the limits and zero through: %j', (readings) => {
    expect(verdict(telemetry(readings))).toBe('passes as it is');
  });

  test('turns away what is outside the physical range, and says which', () => {
    expect(verdict(telemetry([150.0001, 5]))).toEqual({
      _tag: 'out_of_range',
      path: 'temperature',
      message: 'temperature: 150.0001 °C is outside -50 to 150',
    });
    expect(verdict(telemetry([20, -1e-9]))).toMatchObject({ _tag: 'out_of_range', path: 'current' });
    expect(verdict(telemetry([Infinity, NaN]))).toMatchObject({ _tag: 'out_of_range' });
  });

  test('judges in the canonical unit, and leaves converting to transform', () => {
    expect(verdict(telemetry([302, NaN], 100_000, ['°F', null]))).toBe('passes as it is');
    expect(verdict(telemetry([302.1, NaN], 100_000, ['°F', null]))).toMatchObject({ _tag: 'out_of_range' });
    expect(verdict(telemetry([20, 5], 100_000, [null, 'hPa']))).toMatchObject({
      _tag: 'unknown_unit',
      path: 'current',
    });
  });

  test('a unit that comes with no reading does not matter', () => {
    expect(verdict(telemetry([NaN, 5], 100_000, ['furlong', null]))).toBe('passes as it is');
  });

  test('turns away a record without any reading', () => {
    expect(verdict(telemetry([NaN, NaN]))).toMatchObject({ _tag: 'schema', path: '' });
    expect(verdict(telemetry([]))).toMatchObject({ _tag: 'schema' });
  });

  test.each([
    [101_000, 'passes as it is'],
    [101_001, { _tag: 'ts_future', message: 'the event is 1001 ms ahead of its record; at most 1000 ms are accepted' }],
    [95_000, 'passes as it is'],
    [94_999, { _tag: 'ts_past', message: 'the event is 5001 ms older than its record; at most 5000 ms are accepted' }],
  ])('an event at %d of a record at 100000', (eventTimeMs, expected) => {
    expect(verdict(telemetry([20, 5], eventTimeMs))).toEqual(expected);
  });
});
