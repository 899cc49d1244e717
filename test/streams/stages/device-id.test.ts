import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { checkedId } from '../../../streams/stages/device-id.js';

const grammar = /^[\p{L}\p{N}._:-]{1,128}$/u;

describe('checkedId', () => {
  test('accepts what the grammar accepts, and nothing else', () => {
    const units = [
      ...'aZ09._:-'.split(''),
      '/',
      '@',
      '[',
      '`',
      '{',
      ';',
      ' ',
      '\0',
      '\n',
      '设',
      '備',
      'é',
      '\u0301',
      '٣',
      '½',
      '𠀀',
      '\ud800',
      '🌡',
    ];
    const ids = fc.oneof(
      fc.array(fc.constantFrom(...units), { maxLength: 6 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.constantFrom('x', '𠀀'), fc.integer({ min: 120, max: 135 }))
        .map(([unit, count]) => unit.repeat(count)),
    );
    fc.assert(
      fc.property(ids, (id) => {
        expect(isRight(checkedId(id))).toBe(grammar.test(id));
      }),
      { numRuns: 3_000 },
    );
  });

  test.each(Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)))('agrees on %j', (character) => {
    expect(isRight(checkedId(`a${character}`))).toBe(grammar.test(`a${character}`));
  });

  test('counts code points', () => {
    expect([isRight(checkedId('𠀀'.repeat(128))), isRight(checkedId('𠀀'.repeat(129)))]).toEqual([true, false]);
  });
});
