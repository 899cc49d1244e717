import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostDigits, writeNumber } from '../../../../streams/state/json/number-bytes.js';

const bytes = Buffer.alloc(mostDigits);
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const written = (value: number): string => bytes.toString('latin1', 0, writeNumber(view, 0, value));
/** JSON has one zero. */
const sameAs = (value: number): number => value + 0;

const sizes = fc.integer({ min: -7, max: 17 }).map((exponent) => 10 ** exponent);
const decimal = fc
  .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.nat(6))
  .map(([digits, places]) => digits / 10 ** places);
const around = fc.tuple(fc.double({ min: -10, max: 10, noNaN: true }), sizes).map(([value, size]) => value * size);
/** Where one way of writing ends and another begins. */
const borders = [1e-7, 1e-6, 1e-3, 0.1, 1, 10, 1e5, 1e7, 2 ** 31, 1e8, 1e14, 1e15, 2 ** 53, 1e16, 1e17, 1e21];
const nextTo = fc
  .tuple(fc.constantFrom(...borders), fc.integer({ min: -3, max: 3 }), fc.constantFrom(1, -1))
  .map(([border, steps, sign]) => sign * border * (1 + steps * Number.EPSILON));

describe('a number', () => {
  it('reads again as the same double, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), decimal, around, nextTo), (value) => {
        const text = written(value);
        expect(JSON.parse(text)).toBe(sameAs(value));
        expect(text.length).toBeLessThanOrEqual(mostDigits);
      }),
      { numRuns: 20_000 },
    );
  });

  it('that people would write in fifteen digits or fewer is written as they would', () => {
    fc.assert(
      fc.property(decimal, (value) => {
        if (Math.abs(value) >= 1e-6) expect(written(value)).toBe(String(sameAs(value)));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [-1, '-1'],
    [21.5, '21.5'],
    [-0.04, '-0.04'],
    [0.1 + 0.2, '0.30000000000000004'],
    [2_147_483_648, '2147483648'],
    [-2_147_483_648, '-2147483648'],
    [-2_147_483_649, '-2147483649'],
    [1_764_169_000_123, '1764169000123'],
    [0.000_001_5, '0.0000015'],
    [5e-324, '5e-324'],
    [-1.797_693_134_862_315_7e308, '-1.7976931348623157e+308'],
    [9_999_999.99, '9999999.99'],
    [999.999_999_999_999_9, '999.99999999999989'],
    [NaN, 'null'],
    [Infinity, 'null'],
    [-Infinity, 'null'],
  ])('%d is written %s', (value, text) => {
    expect(written(value)).toBe(text);
  });
});
