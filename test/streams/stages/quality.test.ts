import { describe, expect, test } from 'vitest';
import { qualityOf, worse } from '../../../streams/stages/quality.js';

const grades = ['good', 'uncertain', 'bad'] as const;

describe('qualityOf', () => {
  test.each([
    [[null, undefined, '', 'online', 'normal', 'active', 'on', 'off', '正常'], 'good'],
    [['maintenance', 'warning', '警告', 'hibernating', 'ONLINE', 'toString'], 'uncertain'],
    [['error', 'offline', '故障'], 'bad'],
  ])('%j: %s', (words, quality) => {
    expect(words.map(qualityOf)).toEqual(words.map(() => quality));
  });
});

describe('worse', () => {
  test('is the later of good, uncertain, bad', () => {
    for (const [i, a] of grades.entries())
      for (const [j, b] of grades.entries()) expect(worse(a, b)).toBe(grades[Math.max(i, j)]);
  });
});
