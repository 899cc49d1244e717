import fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { readJsonBody } from '../../../streams/codecs/json-body.js';
import { recordOf } from '../fixtures.js';

const limits = { maxValueBytes: 1_024, maxDepth: 4 };
const read = (value: Buffer | string, within = limits) => readJsonBody(recordOf(value), within);
const tagOf = (value: Buffer | string, within = limits): string => {
  const result = read(value, within);
  return isLeft(result) ? result.left._tag : 'read';
};

describe('readJsonBody', () => {
  test('gives any JSON object as JSON.parse does', () => {
    const wide = { maxValueBytes: 1e9, maxDepth: 100 };
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' })), (object) => {
        const text = JSON.stringify(object);
        // At any depth: those are refused, and another test's.
        fc.pre(!text.includes('__proto__') && !text.includes('constructor'));
        const result = read(text, wide);
        expect(isLeft(result) ? result.left : result.right).toEqual(JSON.parse(text));
      }),
    );
  });

  test('gives an object or a reason for any bytes whatsoever, and never throws', () => {
    const shreds = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 3 }),
        fc.constantFrom(...'{}[]",:\\'.split('')).map((text) => Buffer.from(text)),
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          shreds.map((parts) => Buffer.concat(parts)),
        ),
        (bytes) => {
          expect(typeof tagOf(Buffer.from(bytes))).toBe('string');
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('counts size in bytes, and depth with the top as one', () => {
    const of = (bytes: number): string => `{"a":"${'x'.repeat(bytes - 8)}"}`;
    expect([tagOf(of(1_024)), tagOf(of(1_025))]).toEqual(['read', 'too_large']);
    expect(tagOf(`{"a":"${'é'.repeat(509)}"}`)).toBe('too_large');
    expect([tagOf('{"a":[[[]]]}'), tagOf('{"a":[[[[]]]]}')]).toEqual(['read', 'too_deep']);
    expect(tagOf('{"a":[[[]]],"b":[[[]]],"c":"[[[[[[[["}')).toBe('read');
  });

  test('finds a forbidden key wherever and however it is written, and only as a key', () => {
    for (const text of [
      '{"__proto__":1}',
      '{"a":[{"constructor":1}]}',
      String.raw`{"a":{"\u005f_proto__":1}}`,
      String.raw`{"constru\u0063tor":null}`,
    ])
      expect([text, tagOf(text)]).toEqual([text, 'forbidden_key']);
    for (const text of ['{"a":"__proto__"}', '{"a":["constructor"]}', '{"constructors":1}', String.raw`{"a":"\\"}`])
      expect([text, tagOf(text)]).toEqual([text, 'read']);
  });

  test('takes U+FFFD that was written as itself, and refuses bytes that only read as it', () => {
    expect(tagOf('{"a":"\ufffd"}')).toBe('read');
    expect(tagOf(Buffer.from([...Buffer.from('{"a":"'), 0xff, ...Buffer.from('"}')]))).toBe('invalid_utf8');
    expect(tagOf(Buffer.from([...Buffer.from('{"a":"\ufffd'), 0xff, ...Buffer.from('"}')]))).toBe('invalid_utf8');
  });
});
