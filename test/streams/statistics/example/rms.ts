import type { Statistic } from '../../../../streams/statistics/statistic.js';

/**
 * `rms`: the root of the mean of squares, which is what an alternating quantity does: it heats, or it shakes.
 *
 * The mean of squares is moved by each value and not divided out of a sum at the end, so that a long window costs no digits. Memory: two numbers.
 */
export const rms: Statistic = {
  name: 'rms',
  gives: (name) => name === 'rms',
  unitOf: (_name, unit) => unit,
  rangeOf: (_name, { min, max }) => ({ min: 0, max: Math.max(Math.abs(min), Math.abs(max)) }),
  begin: () => [0, 0],
  add: (memory, value) => {
    fold(memory, 1, value * value);
  },
  merge: (memory, [count = 0, meanSquare = 0]) => {
    if (count > 0) fold(memory, count, meanSquare);
  },
  resultsOf: ([count = 0, meanSquare = 0]) => ({ rms: count === 0 ? null : Math.sqrt(meanSquare) }),
};

/** Joins a number of readings, of which the mean square is known, to those before. */
const fold = (memory: number[], count: number, meanSquare: number): void => {
  const [before = 0, mean = 0] = memory;
  memory[0] = before + count;
  memory[1] = mean + ((meanSquare - mean) * count) / (before + count);
};
