import { quantiles, shareOf } from './quantiles.js';
import { slope } from './slope.js';
import type { Statistic, Summarised } from './statistic.js';
import { timeInState } from './time-in-state.js';
import { timeWeightedMean } from './time-weighted-mean.js';

/** Those that every window has. */
export const baseStatistics = ['count', 'sum', 'min', 'max', 'mean', 'variance', 'first', 'last'] as const;

/** Those that a rule asks for, by the name it asks with: a further statistic is its file and a line here. */
const registered: ReadonlyMap<string, Statistic> = new Map([
  ['slope', slope],
  ['r2', slope],
  ['time_weighted_mean', timeWeightedMean],
  ['time_in_state', timeInState],
]);

/** Names that a rule can ask for, as they are listed to people; `p` stands for any percentile, such as `p95` or `p99.9`. */
export const statisticNames: readonly string[] = [
  ...baseStatistics,
  'median',
  'p90',
  'p95',
  'p99',
  ...registered.keys(),
];

export const isStatistic = (name: string): boolean =>
  baseStatistics.some((base) => base === name) || shareOf(name) !== null || registered.has(name);

/** The unit of a result of those statistics, or of one that every window has, given that of the metric. */
export const unitOfResult = (result: string, unit: string, statistics: readonly Statistic[]): string => {
  if (result === 'count') return '';
  if (result === 'variance') return unit === '' ? '' : `${unit}²`;
  return statistics.find((statistic) => statistic.gives(result))?.unitOf(result, unit) ?? unit;
};

/** Where a result lies, both ends included, when readings lie in a range; null where that says nothing. A window has a reading at least. */
export const rangeOfResult = (
  result: string,
  readings: Summarised,
  statistics: readonly Statistic[],
): Summarised | null => {
  if (result === 'count') return { min: 1, max: Infinity };
  if (result === 'variance') return { min: 0, max: ((readings.max - readings.min) / 2) ** 2 };
  if (result === 'sum') return null;
  const further = statistics.find((statistic) => statistic.gives(result));
  return further === undefined ? readings : further.rangeOf(result, readings);
};

/** What computes the statistics asked for, beyond the base ones; all quantiles share one sketch. In an order of its own, whatever the order asked in. */
export const statisticsFor = (names: readonly string[]): readonly Statistic[] => {
  const asked = [...new Set(names.filter((name) => shareOf(name) !== null))].sort();
  const others = [...new Set(registered)].filter(([name]) => names.includes(name)).map(([, statistic]) => statistic);
  return [...(asked.length > 0 ? [quantiles(asked)] : []), ...new Set(others)];
};
