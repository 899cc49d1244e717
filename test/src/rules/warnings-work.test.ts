import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { globMatches } from '../../../src/rules/glob.js';
import { twoMetrics, warningsOf } from './loading.js';

vi.mock(import('../../../src/rules/glob.js'), { spy: true });

beforeEach(() => {
  vi.mocked(globMatches).mockClear();
});

afterAll(() => {
  vi.restoreAllMocks();
});

/** Groups that each go by the tag of the one above, and an alert for the tag of each. */
const chain = (length: number): string => {
  const groups = Array.from({ length }, (_, i) =>
    i === 0 ? '  - { id: g0, tags: [t0] }\n' : `  - { id: g${i}, match: { tag: t${i - 1} }, tags: [t${i}] }\n`,
  );
  const alerts = Array.from(
    { length },
    (_, i) => `  - { id: a${i}, on: humidity, above: { raise: 40 }, match: { tag: t${i} } }\n`,
  );
  return `${twoMetrics}devices:\n${groups.join('')}alerts:\n${alerts.join('')}`;
};

// A running service that reads its rules anew stands still meanwhile.
test('what gives the tag that is asked for is looked up, however many groups there are', () => {
  expect(warningsOf(chain(50))).toEqual([]);
  expect(globMatches).not.toHaveBeenCalled();
});

test('a pattern is held against each tag once', () => {
  const text = `${chain(50)}  - { id: all, on: humidity, above: { raise: 41 }, match: { tag: "t*" } }\n`;
  expect(warningsOf(text)).toEqual([]);
  expect(globMatches).toHaveBeenCalledTimes(50);
});
