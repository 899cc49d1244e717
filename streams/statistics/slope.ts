import type { Statistic } from './statistic.js';

const columns = { count: 0, meanTime: 1, meanValue: 2, timeTime: 3, timeValue: 4, valueValue: 5 } as const;

/**
 * The trend of a window: `slope`, in units per second, and `r2`, the share of the variance that a straight line explains; ordinary least squares.
 * Both are null until two different times were read; `r2` also while the value has not changed.
 *
 * Sums of squared distances from the means are updated (Welford 1962; Chan, Golub, LeVeque 1979 for merging), with times in seconds after
 * the window's start, so that epoch times and large offsets of the value cost no digits. The order of readings makes no
 * difference beyond rounding. Memory: six numbers.
 */
export const slope: Statistic = {
  name: 'slope',
  gives: (name) => name === 'slope' || name === 'r2',
  rangeOf: (name) => (name === 'r2' ? { min: 0, max: 1 } : null),
  unitOf: (name, unit) => (name === 'slope' ? `${unit}/s` : ''),
  begin: () => [0, 0, 0, 0, 0, 0],
  add: (memory, value, afterMs) => {
    fold(memory, 1, afterMs / 1000, value, 0, 0, 0);
  },
  merge: (memory, other, laterMs) => {
    const { count, meanTime, meanValue, timeTime, timeValue, valueValue } = columns;
    const n = other[count] ?? 0;
    if (n === 0) return;
    const time = (other[meanTime] ?? 0) + laterMs / 1000;
    fold(memory, n, time, other[meanValue] ?? 0, other[timeTime] ?? 0, other[timeValue] ?? 0, other[valueValue] ?? 0);
  },
  resultsOf: (memory) => {
    const timeTime = memory[columns.timeTime] ?? 0;
    const timeValue = memory[columns.timeValue] ?? 0;
    const valueValue = memory[columns.valueValue] ?? 0;
    if (timeTime <= 0) return { slope: null, r2: null };
    // Of quotients: products of values that are all next to 0 would be 0.
    const explained = (timeValue / timeTime) * (timeValue / valueValue);
    return { slope: timeValue / timeTime, r2: valueValue > 0 ? Math.min(1, explained) : null };
  },
};

/** Joins two sets of readings by their counts, means and sums of products of distances from the means. */
const fold = (
  memory: number[],
  n: number,
  time: number,
  value: number,
  timeTime: number,
  timeValue: number,
  valueValue: number,
): void => {
  const before = memory[columns.count] ?? 0;
  const after = before + n;
  const byTime = time - (memory[columns.meanTime] ?? 0);
  const byValue = value - (memory[columns.meanValue] ?? 0);
  const weight = (before * n) / after;
  memory[columns.count] = after;
  memory[columns.meanTime] = (memory[columns.meanTime] ?? 0) + (byTime * n) / after;
  memory[columns.meanValue] = (memory[columns.meanValue] ?? 0) + (byValue * n) / after;
  memory[columns.timeTime] = (memory[columns.timeTime] ?? 0) + timeTime + byTime * byTime * weight;
  memory[columns.timeValue] = (memory[columns.timeValue] ?? 0) + timeValue + byTime * byValue * weight;
  memory[columns.valueValue] = (memory[columns.valueValue] ?? 0) + valueValue + byValue * byValue * weight;
};
