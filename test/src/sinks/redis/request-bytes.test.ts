import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestBytes } from '../../../../src/sinks/redis/request-bytes.js';

const plainly = (parts: readonly string[]): string =>
  `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`;

const requestOf = (parts: readonly string[]): RequestBytes => {
  const request = new RequestBytes();
  for (const part of parts) request.text(part);
  return request;
};

describe('the parts of a request', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 50 }),
    // One unit, or three bytes: lengths with more digits than the string has.
    fc.integer({ min: 0, max: 1_200 }).map((length) => '室'.repeat(length)),
    fc.integer({ min: 0, max: 12_000 }).map((length) => 'x'.repeat(length)),
  );

  it('say of each text how many bytes it has', () => {
    fc.assert(
      fc.property(fc.array(anyText), (parts) => {
        expect(requestOf(parts).behind().toString()).toBe(plainly(parts));
      }),
    );
  });

  it('say the same of ranges of bytes', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1 }), (parts) => {
        const bytes = Buffer.from(parts.join(''));
        const request = new RequestBytes();
        let start = 0;
        for (const part of parts) {
          const end = start + Buffer.byteLength(part);
          request.range(bytes, start, end);
          start = end;
        }
        expect(request.behind().toString()).toBe(plainly(parts));
      }),
    );
  });

  it('follow what is put in front at the end, however long, and again', () => {
    const request = requestOf(['a', '室']);
    for (const first of ['evalsha', '室'.repeat(2_000), 'eval'])
      expect(request.behind(first, 'x').toString()).toBe(plainly([first, 'x', 'a', '室']));
  });
});
