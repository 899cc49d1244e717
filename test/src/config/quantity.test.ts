import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, formatSize, parseDuration, parseSize } from '../../../src/config/quantity.js';

describe('a duration', () => {
  test.each([
    ['250ms', 250],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    ['1.5s', 1_500],
    ['1m30s', 90_000],
    ['1h0m1ms', 3_600_001],
    ['0s', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['30', '', 's', '30 s', '30S', '-1s', '0.5ms', '1e3s', '30sec', 's30', '9999999999999999d'])(
    '%j is none',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );

  test('is read back from how it is written', () => {
    fc.assert(
      fc.property(fc.nat(2_000_000_000), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  test.each([
    [90_000, '90s'],
    [60_000, '1m'],
    [604_800_000, '7d'],
    [250, '250ms'],
    [0, '0ms'],
  ])('%d ms is written in the largest unit that fits', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('a size', () => {
  test.each([
    ['4MiB', 4_194_304],
    ['64KB', 64_000],
    ['64kib', 65_536],
    ['1.5KiB', 1_536],
    ['1GiB', 1_073_741_824],
    ['17B', 17],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test.each(['64', '', 'KB', '64 KB', '64K', '-1B', '0.5B', '1TB', '4MiB '])('%j is none', (text) => {
    expect(parseSize(text)).toBeNull();
  });

  test('is read back from how it is written', () => {
    fc.assert(
      fc.property(fc.nat(2_000_000_000), (bytes) => {
        expect(parseSize(formatSize(bytes))).toBe(bytes);
      }),
    );
  });
});
