import type { Random } from '../../src/simulator/random.js';

export const wave = (i: number, period: number, phase = 0): number => Math.sin((2 * Math.PI * i) / period + phase);

/** Noise that remembers: x ← ρ x + √(1 − ρ²) ε. */
export const autocorrelated = (random: Random, memory: number): (() => number) => {
  let x = random.normal();
  const fresh = Math.sqrt(1 - memory * memory);
  return () => (x = memory * x + fresh * random.normal());
};

/** A count of mean λ: Poisson, by Knuth for few and by its normal limit for many. */
export const count = (random: Random, mean: number): number => {
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  let product = random.next();
  let events = 0;
  for (const limit = Math.exp(-mean); product > limit; events += 1) product *= random.next();
  return events;
};

/** Pareto of index `tail`, from 1 upwards. */
export const heavy = (random: Random, tail: number): number => (1 - random.next()) ** (-1 / tail);

export const isWeekend = (i: number, perDay: number): boolean => Math.floor(i / perDay) % 7 >= 5;
