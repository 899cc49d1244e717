import type { AlertRule } from '../rules/rules.js';

/** Of one metric: readings from `low` to `high`, both included, raise none of the rules on them. */
interface Calm {
  readonly slot: number;
  low: number;
  high: number;
  /** Indices of those rules. */
  readonly rules: number[];
}

/**
 * What all rules of a plan leave alone, metric by metric: two comparisons then stand for all its rules, which nearly every record is done with. Null where a
 * rule must be asked by itself: expressions, and conditions that name no such range.
 */
export const calmOf = (alerts: readonly AlertRule[]): readonly Calm[] | null => {
  const bySlot = new Map<number, Calm>();
  for (const { index, input, levels } of alerts) {
    if (input._tag === 'window' || input._tag === 'detector') continue;
    if (input._tag === 'device') return null;
    const calm = bySlot.get(input.metric) ?? { slot: input.metric, low: -Infinity, high: Infinity, rules: [] };
    bySlot.set(input.metric, calm);
    calm.rules.push(index);
    for (const level of levels) {
      if (level.calm === undefined) return null;
      calm.low = Math.max(calm.low, level.calm[0]);
      calm.high = Math.min(calm.high, level.calm[1]);
    }
  }
  return [...bySlot.values()];
};

/** Whether readings raise nothing, and there is no episode that they could bring on or end. NaN, an absent reading, does neither. */
export const isCalm = (all: readonly Calm[], episodes: readonly unknown[], readings: readonly number[]): boolean => {
  for (let i = 0; i < all.length; i += 1) {
    const calm = all[i];
    if (calm === undefined) continue;
    const value = readings[calm.slot] ?? NaN;
    if (Number.isNaN(value)) continue;
    if (value < calm.low || value > calm.high) return false;
    for (let j = 0; j < calm.rules.length; j += 1) if (episodes[calm.rules[j] ?? -1] !== undefined) return false;
  }
  return true;
};

/** Whether a device has no episode. */
export const isNormal = (episodes: readonly unknown[]): boolean => {
  for (let i = 0; i < episodes.length; i += 1) if (episodes[i] !== undefined) return false;
  return true;
};
