import fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { Device } from '../../../streams/model/device.js';
import { Telemetry } from '../../../streams/model/telemetry.js';
import { transform } from '../../../streams/stages/transform.js';
import { unknownProfile } from '../../../streams/state/latest-memory.js';
import { recordOf, settings } from '../fixtures.js';

const stage = transform(settings);
const origin = recordOf('');
const telemetry = (readings: number[], units: (string | null)[] | null): Telemetry =>
  new Telemetry(new Device('d-1'), 7, readings, units, 'bad', unknownProfile, 'm-1', 'envelope');
const transformed = (of: Telemetry): Telemetry => {
  const result = stage(of, origin);
  if (isLeft(result)) throw new Error(JSON.stringify(result.left));
  return result.right;
};

describe('transform', () => {
  test('brings readings to canonical units and leaves the rest as it was', () => {
    const from = telemetry([68, NaN, 1.0005, 2_500, 1, 90, -40], ['°F', '%RH', 'bar', 'mA', null, null, null]);
    const to = transformed(from);
    expect(to.readings).toEqual([20, NaN, 1_000.5, 2.5, 1, 90, -40]);
    expect(to).toMatchObject({ device: from.device, eventTimeMs: 7, units: null, quality: 'bad', messageId: 'm-1' });
    expect(to).toMatchObject({ profile: unknownProfile, format: 'envelope' });
  });

  test('absent stays absent, and zero is converted like any other value', () => {
    expect(transformed(telemetry([NaN, 0], ['K', 'ratio'])).readings).toEqual([NaN, 0]);
    expect(transformed(telemetry([0], ['°C'])).readings).toEqual([0]);
  });

  test('what is canonical passes as the same object, so doing it twice is doing it once', () => {
    const reading = fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constant(NaN));
    const units = fc.tuple(
      fc.constantFrom(null, '°F', 'K'),
      fc.constantFrom(null, 'ratio'),
      fc.constantFrom(null, 'psi', 'mmHg'),
    );
    fc.assert(
      fc.property(fc.tuple(reading, reading, reading), fc.option(units), (readings, of) => {
        const once = transformed(telemetry([...readings], of && [...of]));
        expect(transformed(once)).toBe(once);
      }),
    );
  });

  test('a unit that can not be converted is a rejection', () => {
    expect(stage(telemetry([1], ['furlong']), origin)).toMatchObject({
      left: { _tag: 'unknown_unit', path: 'temperature' },
    });
  });
});
