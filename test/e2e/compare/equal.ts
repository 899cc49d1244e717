/**
 * Where two JSON values differ, as `path: found x, expected y`. Numbers are equal when they are the same, or when both are no whole
 * numbers and differ by less than `tolerance` of their size: means, variances and converted units may be computed another way.
 */
export const unequal = (found: unknown, expected: unknown, path: string): readonly string[] => {
  if (typeof expected === 'number' && typeof found === 'number') {
    return isClose(found, expected) ? [] : [`${path}: found ${found}, expected ${expected}`];
  }
  if (!isObject(expected) || !isObject(found)) {
    return Object.is(found, expected) ? [] : [`${path}: found ${shown(found)}, expected ${shown(expected)}`];
  }
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])].flatMap((key) =>
    unequal(found[key], expected[key], `${path}.${key}`),
  );
};

const tolerance = 1e-9;

const isClose = (a: number, b: number): boolean =>
  a === b ||
  (!(Number.isInteger(a) && Number.isInteger(b)) &&
    Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b)));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
