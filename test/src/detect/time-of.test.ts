import { expect, it } from 'vitest';
import { timeOf } from '../../../src/detect/time-of.js';

const ms = Date.UTC(2026, 0, 2, 3, 4, 5);

it.each([
  ['2026-01-02T03:04:05Z', ms],
  ['2026-01-02T11:04:05.250+08:00', ms + 250],
  ['2026-01-02 03:04:05', ms],
  [' 2026-01-02 03:04:05.5 ', ms + 500],
  [String(ms), ms],
  [ms, ms],
  [ms / 1000, ms],
  [String(ms / 1000), ms],
  [0, 0],
  [-86_400, -86_400_000],
  ['1.5', 1_500],
])('reads %j', (text, atMs) => expect(timeOf(text)).toBe(atMs));

it.each([
  ['soon'],
  [''],
  ['2026-01-02'],
  ['2026-13-01 00:00:00'],
  ['02.01.2026 03:04:05'],
  [NaN],
  [Infinity],
  [null],
  [{}],
])('takes %j for no time', (given) => expect(timeOf(given)).toBeNull());
