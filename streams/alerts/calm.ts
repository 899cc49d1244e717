import type { AlertRule } from '../rules/rules.js';

/** Of one metric: readings from `low` to `high`, both included, raise none of the rules on them. */
interface Calm {
  readonly slot: number;
  low: number;
  high: number;
}

/**
 * What all rules of a plan leave alone, metric by metric: two comparisons then stand for all its rules, which nearly every record is done with. Null where a
 * rule must be asked by itself: expressions, and conditions that name no such range.
 */
const calmOf = (alerts: readonly AlertRule[]): readonly Calm[] | null => {
  const bySlot = new Map<number, Calm>();
  for (const { input, levels } of alerts) {
    if (input._tag === 'window' || input._tag === 'detector') continue;
    if (input._tag === 'device') return null;
    const calm = bySlot.get(input.metric) ?? { slot: input.metric, low: -Infinity, high: Infinity };
    bySlot.set(input.metric, calm);
    for (const level of levels) {
      if (level.calm === undefined) return null;
      calm.low = Math.max(calm.low, level.calm[0]);
      calm.high = Math.min(calm.high, level.calm[1]);
    }
  }
  return [...bySlot.values()];
};

/** Whether no episode of a rule on readings is one that these could bring on or end. */
export const areUnmoved = (
  alerts: readonly AlertRule[],
  episodes: readonly unknown[],
  readings: readonly number[],
): boolean => {
  for (const { index, input } of alerts) {
    const isAsked = input._tag === 'reading' && !Number.isNaN(readings[input.metric] ?? NaN);
    if (isAsked && episodes[index] !== undefined) return false;
  }
  return true;
};

/**
 * Which devices have no episode, and what they may read without getting one: for nearly every record that is all there is to ask, and looking at all that is
 * remembered of its device would take longer than everything else. Remembers nothing that a result depends on: whoever changes episodes says so.
 */
export class CalmDevices {
  /** By the alerts of a plan, and that of the plan that was asked for last: nearly all devices have the same one. */
  readonly #calm = new Map<readonly AlertRule[], readonly Calm[] | null>();
  #lastAlerts: readonly AlertRule[] | null = null;
  #lastCalm: readonly Calm[] | null = null;
  /** By index of the device 1 where there is known to be no episode. */
  readonly #normal: number[] = [];

  /** Whether readings raise nothing. NaN, an absent reading, does not. */
  areCalm(alerts: readonly AlertRule[], readings: readonly number[]): boolean {
    if (alerts !== this.#lastAlerts) this.#turnTo(alerts);
    const calm = this.#lastCalm;
    if (calm === null) return false;
    for (let i = 0; i < calm.length; i += 1) {
      const of = calm[i];
      if (of === undefined) continue;
      const value = readings[of.slot] ?? NaN;
      if (value < of.low || value > of.high) return false;
    }
    return true;
  }

  /** Whether a device is known to have no episode. */
  isNormal(device: number): boolean {
    return this.#normal[device] === 1;
  }

  /** Looks at what episodes a device has; true when there are none. */
  lookAt(device: number, episodes: readonly unknown[]): boolean {
    for (let i = 0; i < episodes.length; i += 1) if (episodes[i] !== undefined) return false;
    for (let i = this.#normal.length; i <= device; i += 1) this.#normal.push(0);
    this.#normal[device] = 1;
    return true;
  }

  /** Says that a device may have one now. */
  disturb(device: number): void {
    if (device < this.#normal.length) this.#normal[device] = 0;
  }

  #turnTo(alerts: readonly AlertRule[]): void {
    const known = this.#calm.get(alerts);
    this.#lastCalm = known === undefined ? calmOf(alerts) : known;
    this.#lastAlerts = alerts;
    this.#calm.set(alerts, this.#lastCalm);
  }
}
