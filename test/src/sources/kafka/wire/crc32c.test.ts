import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../../../../src/sources/kafka/wire/crc32c.js';

/** Bit by bit, as the polynomial defines it. */
const slow = (bytes: Buffer): number => {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
};

describe('crc32c', () => {
  it('gives the check value of the standard', () => {
    expect(crc32c(Buffer.from('123456789'), 0, 9)).toBe(0xe3069283);
  });

  it('agrees with the definition for any bytes, any range, any alignment', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(20), fc.nat(20), (all, start, cut) => {
        const bytes = Buffer.from(all);
        const end = Math.max(start, bytes.length - cut);
        fc.pre(start <= bytes.length);
        expect(crc32c(bytes, start, end)).toBe(slow(bytes.subarray(start, end)));
      }),
    );
  });
});
