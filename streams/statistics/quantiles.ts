import type { Statistic } from './statistic.js';

/** A quantile's estimate lies within this share of the true value. */
export const relativeError = 0.01;
const gamma = (1 + relativeError) / (1 - relativeError);
const perLog = 1 / Math.log(gamma);

/** Keys of positive values lie around this, those of negative ones around its opposite: the order of keys is the order of values. */
const middle = 1_000_000;
/** What is nearer to zero counts as zero. */
const least = 1e-9;
const mostBins = 512;

/**
 * Quantiles of a window: `median`, `p95`, `p99.9`. A mergeable sketch with a bound on the relative error (DDSketch: Masson, Rim, Lee 2019,
 * PVLDB 12(12)): the estimate is within 1 % of the value at that rank, |value| < 1e-9 counting as 0. The same values give the same
 * sketch in whatever order they come.
 *
 * Memory: two numbers per bin, a bin for each 2 % of the range; at most 512 bins, after which the lowest are joined and the
 * lowest quantiles lose their bound.
 */
export const quantiles = (names: readonly string[]): Statistic => {
  const asked = names.map((name) => [name, shareOf(name) ?? NaN] as const);
  return {
    name: 'quantiles',
    asked: names,
    gives: (name) => names.includes(name),
    unitOf: (_name, unit) => unit,
    rangeOf: (_name, readings) => readings,
    begin: () => [],
    add: (bins, value) => {
      count(bins, keyOf(value), 1);
    },
    merge: (bins, other) => {
      for (let i = 0; i + 1 < other.length; i += 2) count(bins, other[i] ?? 0, other[i + 1] ?? 0);
    },
    resultsOf: (bins, { min, max }) => {
      const results: Record<string, number | null> = {};
      for (const [name, share] of asked) results[name] = quantile(bins, share, min, max);
      return results;
    },
  };
};

/** 0.95 of `p95`; null for what is no name of a quantile. */
export const shareOf = (name: string): number | null => {
  if (name === 'median') return 0.5;
  const percent = /^p(\d{1,2}(?:\.\d{1,3})?)$/.exec(name)?.[1];
  const share = percent === undefined ? 0 : Number(percent) / 100;
  return share > 0 ? share : null;
};

const keyOf = (value: number): number => {
  const size = Math.abs(value);
  if (size < least) return 0;
  const key = Math.ceil(Math.log(size) * perLog) + middle;
  return value > 0 ? key : -key;
};

const valueOf = (key: number): number => {
  if (key === 0) return 0;
  const size = (2 * gamma ** (Math.abs(key) - middle)) / (gamma + 1);
  return key > 0 ? size : -size;
};

/** Bins lie in order of key: key, count, key, count … */
const count = (bins: number[], key: number, by: number): void => {
  let low = 0;
  let high = bins.length / 2;
  while (low < high) {
    const middleBin = (low + high) >> 1;
    if ((bins[middleBin * 2] ?? 0) < key) low = middleBin + 1;
    else high = middleBin;
  }
  const at = low * 2;
  if (bins[at] === key) {
    bins[at + 1] = (bins[at + 1] ?? 0) + by;
    return;
  }
  bins.splice(at, 0, key, by);
  if (bins.length <= mostBins * 2) return;
  bins[3] = (bins[3] ?? 0) + (bins[1] ?? 0);
  bins.splice(0, 2);
};

/** The value at rank ⌈share · n⌉, as sorted values would have it. */
const quantile = (bins: readonly number[], share: number, min: number, max: number): number | null => {
  let total = 0;
  for (let i = 1; i < bins.length; i += 2) total += bins[i] ?? 0;
  if (total === 0) return null;
  const rank = Math.ceil(share * total);
  let seen = 0;
  let i = 0;
  for (; i + 2 < bins.length; i += 2) {
    seen += bins[i + 1] ?? 0;
    if (seen >= rank) break;
  }
  return Math.min(max, Math.max(min, valueOf(bins[i] ?? 0)));
};
