import { row } from '../stored-state.js';

/**
 * How rare each of several distances is by its own past, both sides apart: −ln P(|d| > x) in nats, from two numbers per side.
 *
 * `high` follows the 90 % quantile; `excess` is the mean of ln(x / high) beyond it. Up to the quantile the surprise is taken as linear, beyond as a Pareto tail of that
 * mean (Hill's estimator): ln 10 + ln(x / high) / excess. A series with heavy tails needs far more for the same surprise than a calm one.
 *
 * - Source: B. M. Hill, "A Simple General Approach to Inference About the Tail of a Distribution", Annals of Statistics 3 (1975); the quantile by
 *   stochastic approximation: H. Robbins, S. Monro, Annals of Math. Statistics 22 (1951).
 * - Stability: the quantile moves by factors and is held at the floor, so that it never reaches 0; logarithms are of ratios ≥ 1.
 */
export interface Tails {
  /** Rows go by 2 · distance, + 1 for distances below zero. */
  readonly seen: number[];
  readonly high: number[];
  readonly excess: number[];
}

export const createTails = (distances: number): Tails => ({
  seen: row(2 * distances).fill(0),
  high: row(2 * distances),
  excess: row(2 * distances).fill(firstExcess),
});

const beyond = 0.1;
/** Of what is just at the quantile, nats. */
const atHigh = -Math.log(beyond);
/** Between the 0.25 of a normal distribution and the 0.5 of a tail with four moments. */
const firstExcess = 0.4;
const mostExcess = 2.5;
/** Keeps a few exceedances that happen to lie close together from making anything beyond them impossible. */
const leastExcess = 0.06;
const quantileStep = 0.005;
const excessStep = 0.005;
/** As long as so few are known, the quantile also moves towards what exceeds it by a share, not by a factor alone. */
const few = 50;

/** Gives how surprising a distance is, 0 while fewer than `warmUp` of its side are known, and learns from it. Less than `floor` is rounding. */
export const surprise = (tails: Tails, at: number, distance: number, floor: number, warmUp: number): number => {
  const side = distance < 0 ? 2 * at + 1 : 2 * at;
  const size = Math.abs(distance);
  const known = (tails.seen[side] ?? NaN) + 1;
  tails.seen[side] = known;
  if (known === 1) {
    tails.high[side] = Math.max(size, floor);
    return 0;
  }
  const high = Math.max(tails.high[side] ?? NaN, floor);
  const excess = tails.excess[side] ?? NaN;
  const isBeyond = size > high;
  const log = isBeyond ? Math.log(size / high) : 0;
  const step = Math.max(quantileStep, 1 / (1 + 0.2 * known));
  if (isBeyond) {
    const weight = Math.max(excessStep, 1 / (known * beyond + 10));
    tails.excess[side] = excess + weight * (Math.min(log, mostExcess) - excess);
    const raised = high * (1 + 2 * step * (1 - beyond));
    tails.high[side] = known < few ? Math.min(Math.max(raised, high + 0.3 * (size - high)), size) : raised;
  } else tails.high[side] = Math.max(floor, high * (1 - 2 * step * beyond));
  if (known <= warmUp) return 0;
  return isBeyond ? atHigh + log / (excess + leastExcess) : (atHigh * size) / high;
};

/** The distance on one side that would surprise by so many nats; more than `surprise` gives at the quantile. */
export const distanceOf = (tails: Tails, side: number, nats: number, floor: number): number => {
  const high = Math.max(tails.high[side] ?? NaN, floor);
  return high * Math.exp((nats - atHigh) * ((tails.excess[side] ?? NaN) + leastExcess));
};

/** The 90 % quantile of the side that a distance is on. */
export const usualOf = (tails: Tails, at: number, distance: number): number =>
  tails.high[distance < 0 ? 2 * at + 1 : 2 * at] ?? NaN;
