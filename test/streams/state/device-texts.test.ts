import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeviceTexts } from '../../../streams/state/device-texts.js';

describe('texts by device', () => {
  it('are those that were put in, in order', () => {
    const anyText = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(fc.array(fc.tuple(anyText, anyText)), (pairs) => {
        const texts = DeviceTexts.of(pairs);
        expect([...texts]).toEqual(pairs);
        expect(texts.length).toBe(pairs.length);
        expect(texts.bytes.length).toBe(texts.ends.at(-1) ?? 0);
      }),
    );
  });
});
