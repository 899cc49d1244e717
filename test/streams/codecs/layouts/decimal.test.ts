import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longDecimal } from '../../../../streams/codecs/layouts/decimal.js';

const read = (text: string): number => {
  const bytes = Buffer.from(`x${text},`);
  const point = text.indexOf('.');
  return longDecimal(bytes, 1, bytes.length - 1, point < 0 ? 0 : text.length - point - 1);
};

describe('longDecimal', () => {
  it.each([
    '21.873456789012344',
    '9007199254740993',
    '0.30000000000000004',
    '0.0000000000000000000001',
    '0.00000000000000000000012345678901234567',
    '1234567890123456789012345678901234567890',
    '9007199254740993.5',
    '0000000000000000.1',
    '72057594037927945',
    '9007199254740992999.9',
    `1${'0'.repeat(400)}`,
  ])('%s', (text) => {
    expect(read(text)).toBe(Number(text));
  });

  it('reads what lies in the middle between two doubles, or very near to it, as Number does', () => {
    const between = fc
      .tuple(fc.bigInt({ min: 2n ** 53n, max: 2n ** 56n }), fc.nat({ max: 18 }), fc.constantFrom(-1n, 0n, 1n))
      .map(([digits, decimals, by]) => {
        const text = String((digits | 1n) * 2n + 1n + by);
        const cut = text.length - Math.min(decimals, text.length - 1);
        return cut === text.length ? text : `${text.slice(0, cut)}.${text.slice(cut)}`;
      });
    fc.assert(
      fc.property(between, (text) => {
        expect(read(text), text).toBe(Number(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('reads doubles and any digits as Number does', () => {
    const doubles = fc.double({ noNaN: true, min: 1e-6, max: 1e20 }).map(String);
    const digits = fc
      .tuple(fc.bigInt({ min: 10n ** 14n, max: 10n ** 21n }), fc.nat({ max: 24 }))
      .map(([value, decimals]) => {
        const text = String(value).padStart(decimals + 1, '0');
        return `${text.slice(0, text.length - decimals)}.${text.slice(text.length - decimals)}`;
      });
    fc.assert(
      fc.property(fc.oneof(doubles, digits), (text) => {
        if (/[e]|\.$/.test(text)) return;
        expect(read(text), text).toBe(Number(text));
      }),
      { numRuns: 20_000 },
    );
  });
});
