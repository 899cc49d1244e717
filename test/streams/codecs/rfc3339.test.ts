import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRfc3339 } from '../../../streams/codecs/rfc3339.js';

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
const instants = fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9998, 11, 31) });
const offsets = fc.integer({ min: -(23 * 60 + 59), max: 23 * 60 + 59 });

const written = (ms: number, offsetMinutes: number): string => {
  const local = new Date(ms + offsetMinutes * 60_000).toISOString().slice(0, -1);
  const minutes = Math.abs(offsetMinutes);
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
};

describe('parseRfc3339', () => {
  test('reads what Date writes, in any zone', () => {
    fc.assert(
      fc.property(instants, offsets, (ms, offset) => {
        expect(parseRfc3339(new Date(ms).toISOString())).toBe(ms);
        expect(parseRfc3339(written(ms, offset))).toBe(ms);
      }),
    );
  });

  test('reads each text that it accepts as Date does', () => {
    const part = (greatest: number): fc.Arbitrary<string> => fc.integer({ min: 0, max: greatest }).map((n) => pad(n));
    const texts = fc
      .tuple(
        fc.integer({ min: 0, max: 9_999 }),
        part(13),
        part(32),
        part(24),
        part(60),
        part(59),
        fc.integer({ min: 0, max: 999 }),
      )
      .map(([y, mo, d, h, mi, s, ms]) => `${pad(y, 4)}-${mo}-${d}T${h}:${mi}:${s}.${pad(ms, 3)}Z`);
    fc.assert(
      fc.property(texts, (text) => {
        const date = new Date(text);
        // Date rolls the 31st of short months over, and takes 24:00.
        const isReal = !Number.isNaN(date.getTime()) && date.toISOString().replace(/^\+00/, '') === text;
        expect(parseRfc3339(text)).toBe(isReal ? date.getTime() : 'invalid');
      }),
      { numRuns: 2_000 },
    );
  });

  test('gives a whole number or a reason for any text whatsoever', () => {
    const seed = fc.tuple(instants, offsets).map(([ms, offset]) => written(ms, offset));
    const spoilt = fc
      .tuple(seed, fc.nat(30), fc.string({ maxLength: 3 }))
      .map(([text, at, by]) => text.slice(0, at) + by + text.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(fc.string(), spoilt), (text) => {
        const result = parseRfc3339(text);
        expect(Number.isInteger(result) || result === 'invalid' || result === 'tz_missing').toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    ['2025-07-31T10:15:30.123456789+08:00', Date.UTC(2025, 6, 31, 2, 15, 30, 123)],
    ['2025-07-31T10:15:30+08:00', Date.UTC(2025, 6, 31, 2, 15, 30)],
    ['2025-07-31T10:15:30.9999999999999999999Z', Date.UTC(2025, 6, 31, 10, 15, 30, 999)],
    ['2025-07-31t10:15:30z', Date.UTC(2025, 6, 31, 10, 15, 30)],
    ['2025-07-31T10:15:30-00:00', Date.UTC(2025, 6, 31, 10, 15, 30)],
    ['2025-07-31T10:15:30.5-23:59', Date.UTC(2025, 7, 1, 10, 14, 30, 500)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['1969-12-31T23:59:59.999Z', -1],
    ['0000-01-01T00:00:00Z', -62_167_219_200_000],
  ])('%s', (text, ms) => {
    expect(parseRfc3339(text)).toBe(ms);
  });

  test.each(['2025-07-31T10:15:30', '2025-07-31T10:15:30.123', '2025-07-31T10:15:60'])('%s names no zone', (text) => {
    expect(parseRfc3339(text)).toBe('tz_missing');
  });

  test.each([
    ...['', '2025', '2025-07-31', '2025-07-31T10:15Z', '2025-07-31T10:15:30+08', '2025-07-31T10:15:30+0800'],
    ...['2025-02-29T00:00:00Z', '1900-02-29T00:00:00Z', '2025-04-31T00:00:00Z', '2025-13-01T00:00:00Z'],
    ...['2025-00-01T00:00:00Z', '2025-01-00T00:00:00Z', '2025-01-01T24:00:00Z', '2025-01-01T00:60:00Z'],
    ...['2025-01-01T00:00:61Z', '2025-01-01T00:00:00+24:00', '2025-01-01T00:00:00+00:60', '2025-01-01T00:00:00.Z'],
    ...['2025-01-01T00:00:00Z ', ' 2025-01-01T00:00:00Z', '+2025-01-01T00:00:00Z', '12025-01-01T00:00:00Z'],
    ...['abcd-01-01T00:00:00Z', '２０２５-01-01T00:00:00Z', '2025-01-01T00:00:00,5Z', '2025-01-01T00:00:00−08:00'],
    ...['2025-1--01T00:00:00Z', '2025-01-01T00:00:00.1e3Z', '2025-01-01T00:00:00Z\n'],
  ])('%j is no date and time', (text) => {
    expect(parseRfc3339(text)).toBe('invalid');
  });
});
