import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestBytes } from '../../../../src/sinks/redis/request-bytes.js';

const plainly = (parts: readonly string[]): string =>
  `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`;

describe('requestBytes', () => {
  it('says of each text how many bytes it has', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 50 }),
      // One unit, or three bytes: lengths with more digits than the string has.
      fc.integer({ min: 0, max: 1_200 }).map((length) => '室'.repeat(length)),
      fc.integer({ min: 0, max: 12_000 }).map((length) => 'x'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(anyText), (parts) => {
        expect(requestBytes(parts).toString()).toBe(plainly(parts));
      }),
    );
  });

  it('encodes what is larger than what it keeps', () => {
    const parts = ['室'.repeat(4_000_000), 'after'];
    expect(requestBytes(parts).equals(Buffer.from(plainly(parts)))).toBe(true);
  });

  it('hands out bytes that the next call leaves alone', () => {
    const first = requestBytes(['first']);
    requestBytes(['second']);
    expect(first.toString()).toBe(plainly(['first']));
  });
});
