import { describe, expect, it } from 'vitest';
import { expandLz4, shrinkLz4 } from '../../../../../src/sources/kafka/wire/compression/lz4.js';

const uncompressed = (frame: Buffer): boolean => frame.readUInt32LE(7) >= 0x80000000;
const repeated = 'ABCDEFGHIJ';

describe('what is written as LZ4', () => {
  it('has no match that begins in the last twelve bytes of a block: brokers refuse that', () => {
    const bytes = Buffer.from(`${'x'.repeat(60)}${repeated}0123456789${repeated}`);
    const frame = shrinkLz4(bytes);
    expect(uncompressed(frame)).toBe(true);
    expect(expandLz4(frame, 1_000)).toEqual(bytes);
  });

  it('is smaller where the last match begins before that', () => {
    const bytes = Buffer.from(`${'x'.repeat(60)}${repeated}0123456789${repeated}.-`);
    const frame = shrinkLz4(bytes);
    expect([uncompressed(frame), frame.length < bytes.length]).toEqual([false, true]);
    expect(expandLz4(frame, 1_000)).toEqual(bytes);
  });

  it('walks long runs and long literals to the last match', () => {
    const noise = Array.from({ length: 700 }, (_, i) => String.fromCharCode(33 + ((i * i * 31 + i * 7) % 90))).join('');
    for (const bytes of [
      `${noise}${'y'.repeat(3_000)}end of it all`,
      `${'y'.repeat(3_000)}${noise}${'y'.repeat(300)}`,
    ]) {
      const frame = shrinkLz4(Buffer.from(bytes));
      expect(uncompressed(frame)).toBe(false);
      expect(expandLz4(frame, 10_000).toString()).toBe(bytes);
    }
  });
});
