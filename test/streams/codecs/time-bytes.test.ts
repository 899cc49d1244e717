import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRfc3339 } from '../../../streams/codecs/rfc3339.js';
import { TimeBytes } from '../../../streams/codecs/time-bytes.js';

const read = (times: TimeBytes, text: string): number => {
  // Something before and behind it, as in a record.
  const bytes = Buffer.from(`12"${text}"34`);
  return times.read(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 3, bytes.length - 3);
};
const expected = (text: string): number => {
  const timeMs = parseRfc3339(text);
  return typeof timeMs === 'number' ? timeMs : NaN;
};

describe('TimeBytes', () => {
  it('reads what follows the minute of the text before as it reads a text of its own', () => {
    const times = new TimeBytes();
    for (const text of [
      '2025-08-02T10:15:30.123456789+08:00',
      '2025-08-02T10:15:31.5-03:30',
      '2025-08-02T10:15:59Z',
      '2025-08-02T10:15:00.07z',
      '2025-08-02T10:15:60Z',
      '2025-08-02T10:16:00.001Z',
    ]) {
      expect(read(times, text), text).toBe(expected(text));
    }
  });

  it('reads every text as parseRfc3339 does, whatever came before', () => {
    const piece = (...texts: readonly string[]) => fc.constantFrom(...texts);
    const time = fc
      .tuple(
        piece('2025-08-02T10:15', '2025-08-02t10:15', '2025-08-02 10:16', '2025-02-30T10:15', '2024-02-29T23:59'),
        piece(':00', ':30', ':59', ':60', ':61', ':6', '.00', ':3x', '', ':٣0'),
        piece('', '.', '.1', '.12', '.123', '.999999999', '.12x', ',5'),
        piece('Z', 'z', '', '+08:00', '-00:00', '-23:59', '+24:00', '+08:60', '+0800', '+08:0', 'ZZ', '+08:00Z', '.:'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 6 }), (texts) => {
        const times = new TimeBytes();
        for (const text of texts) expect(read(times, text), text).toBe(expected(text));
      }),
      { numRuns: 5_000 },
    );
  });
});
