import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUtf8 } from '../../../../streams/codecs/layouts/utf8.js';

const strict = new TextDecoder('utf-8', { fatal: true });

const decodes = (bytes: Uint8Array): boolean => {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
};

describe('isUtf8', () => {
  it('says of every first byte, whatever second and further ones follow it, what a strict decoder says', () => {
    const ends = [[], [0x80], [0xbf], [0x80, 0x80], [0xbf, 0xbf], [0x80, 0x80, 0x80], [0x41], [0x80, 0x41]];
    // On both sides of wherever a second byte may begin or end.
    const seconds = [0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
    for (let lead = 0; lead < 256; lead += 1) {
      for (const second of seconds) {
        const wrong = ends.filter((rest) => {
          const bytes = Uint8Array.from([lead, second, ...rest]);
          return isUtf8(bytes, 0, bytes.length) !== decodes(bytes);
        });
        expect(wrong, `${lead} ${second}`).toEqual([]);
      }
    }
  });

  it('looks at no byte outside', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(text, fc.uint8Array({ maxLength: 3 }), (inner, other) => {
        const bytes = Buffer.concat([other, Buffer.from(inner), other]);
        const end = bytes.length - other.length;
        expect(isUtf8(bytes, other.length, end)).toBe(true);
        const isWhole = (bytes[end - 1] ?? 0) < 0x80;
        expect(isUtf8(bytes, other.length, end - 1)).toBe(isWhole);
      }),
    );
  });
});
