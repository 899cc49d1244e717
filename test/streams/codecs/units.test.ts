import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convert, converter, dimensionOf, isSameUnit, unitNames } from '../../../streams/codecs/units.js';

const spelt = [
  ['°C', '°F', 'K', 'C', '℃', 'celsius', 'F', '℉', 'fahrenheit', 'kelvin'],
  ['Pa', 'hPa', 'mbar', 'kPa', 'bar', 'MPa', 'psi', 'mmHg'],
  ['%', 'ratio', '%RH', 'percent'],
  ['A', 'mA'],
  ['V', 'mV', 'kV'],
  ['W', 'kW'],
  ['dBm'],
];
const measured = [...new Set(unitNames().map((name) => dimensionOf(name) ?? ''))];
const dimensions = [...spelt, ...measured.map((dimension) => [...unitNames(dimension)])];
const pair = fc
  .constantFrom(...dimensions)
  .chain((units) => fc.tuple(fc.constantFrom(...units), fc.constantFrom(...units)));

describe('convert', () => {
  test('there and back again is where it began', () => {
    fc.assert(
      fc.property(pair, fc.double({ min: -1e6, max: 1e6, noNaN: true }), ([from, to], value) => {
        const there = convert(value, from, to);
        expect(there).not.toBeNull();
        const back = convert(there ?? NaN, to, from) ?? NaN;
        expect(Math.abs(back - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
      }),
    );
  });

  test('keeps order', () => {
    fc.assert(
      fc.property(
        pair,
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        ([from, to], value, more) => {
          expect(convert(value + more, from, to) ?? NaN).toBeGreaterThanOrEqual(convert(value, from, to) ?? NaN);
        },
      ),
    );
  });

  test.each([
    [32, '°F', '°C', 0],
    [212, '°F', '°C', 100],
    [113, '°F', '°C', 45],
    [-40, '°F', '°C', -40],
    [0, '°C', 'K', 273.15],
    [1, 'bar', 'hPa', 1_000],
    [101_325, 'Pa', 'hPa', 1_013.25],
    [0.5, 'ratio', '%', 50],
    [2_500, 'mA', 'A', 2.5],
    [1, 'kV', 'mV', 1_000_000],
    [36, 'km/h', 'm/s', 10],
    [1, 'in/s', 'mm/s', 25.4],
    [3_000, 'rpm', 'Hz', 50],
    [1, 'kWh', 'MJ', 3.6],
    [1, 'g', 'm/s²', 9.80665],
    [9, 'Δ°F', 'ΔK', 5],
    [1_200, 'ppm', '%', 0.12],
    [60, 'L/min', 'L/s', 1],
    [10, 'ft', 'm', 3.048],
    [180, '°', 'rad', Math.PI],
    [2, 'h', 'min', 120],
    [21.873456789012344, '℃', '°C', 21.873456789012344],
  ])('%d %s in %s is %d', (value, from, to, expected) => {
    expect(convert(value, from, to)).toBe(expected);
  });

  test('1 psi and 760 mmHg, to the precision of their definitions', () => {
    expect(convert(1, 'psi', 'Pa')).toBeCloseTo(6_894.757293168, 9);
    expect(convert(760, 'mmHg', 'hPa')).toBeCloseTo(1_013.250144, 6);
  });

  test.each([
    ['°C', 'hPa'],
    ['furlong', '°C'],
    ['°C', 'furlong'],
    ['toString', '°C'],
    ['', '°C'],
    ['°c', '°C'],
  ])('%j can not be converted to %j', (from, to) => {
    expect(convert(1, from, to)).toBeNull();
  });

  test('never gives −0', () => {
    expect(convert(-5e-324, 'mA', 'A')).toBe(0);
    expect(convert(-0, 'ratio', '%')).toBe(0);
  });

  test('looked up once, it is the same', () => {
    fc.assert(
      fc.property(pair, fc.double({ min: -1e6, max: 1e6, noNaN: true }), ([from, to], value) => {
        expect(converter(from, to)?.(value)).toBe(convert(value, from, to));
      }),
    );
    expect(converter('°C', 'hPa')).toBeNull();
  });
});

describe('isSameUnit', () => {
  test.each([
    ['°C', 'celsius', true],
    ['pcs', 'pcs', true],
    ['°C', 'K', false],
    ['pcs', 'boxes', false],
    ['hPa', 'mbar', false],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(isSameUnit(one, other)).toBe(expected);
  });
});
