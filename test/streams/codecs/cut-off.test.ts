import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCutOff } from '../../../streams/codecs/cut-off.js';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** What the engine's own parser says: content until the end of the text. */
const engineSays = (text: string): boolean => {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const at = /position (\d+)/.exec(message)?.[1];
    return /end of JSON input|Unterminated string/.test(message) || (at !== undefined && Number(at) >= text.length);
  }
};

describe('isCutOff', () => {
  test('every beginning of a JSON text that is none itself was cut off', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.nat(), (text, cut) => {
        const beginning = text.slice(0, cut % text.length);
        if (beginning.trim() === '' || isJson(beginning)) return;
        expect(isCutOff(beginning)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('says what the engine says of texts made of pieces of JSON', () => {
    const pieces = Array.from('{}[]:,"\\ ').concat([
      '"a"',
      '"\\u00',
      '-',
      '-0',
      '1.',
      '1.5e',
      '1e+',
      '01',
      'tr',
      'true',
      'nul',
      'x',
    ]);
    const texts = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));
    let cut = 0;
    fc.assert(
      fc.property(texts, (text) => {
        if (isJson(text) || text.trim() === '') return;
        if (isCutOff(text)) cut += 1;
        expect(isCutOff(text)).toBe(engineSays(text));
      }),
      { numRuns: 5_000 },
    );
    expect(cut).toBeGreaterThan(50);
  });

  test.each([
    '',
    '  \n',
    '{"a": x, "b": [',
    '{"a" 1',
    '[1,]',
    '{]',
    '{"a":1}}',
    '"\u0000',
    '\ufeff{',
    "{'a'",
    '1 2',
    '+1',
    '{1',
  ])('not cut off but wrong: %j', (text) => {
    expect(isCutOff(text)).toBe(false);
  });

  test('takes a time in proportion to the text, however it is nested', () => {
    const text = `${'{"a":['.repeat(2_000)}"${'\\u0041x'.repeat(8_000)}`;
    expect(isCutOff(text)).toBe(true);
    expect(isCutOff(`${text}\u0001`)).toBe(false);
  });
});
