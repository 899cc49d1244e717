import type { AlertLevel, Claim, DeviceFacts } from '../rules/rules.js';

/** What a claim is asked about. */
export interface Asked {
  /** NaN when there is no single value, but an expression over several. */
  readonly value: number;
  readonly readings: readonly number[];
  readonly facts: DeviceFacts;
}

/**
 * The level in force, from 1; 0 for none. The highest whose `raise` holds, or up to which the one `held` has not been left: so a value
 * between the clear and the raise level keeps what is (hysteresis).
 */
export const levelOf = (levels: readonly AlertLevel[], held: number, asked: Asked): number => {
  for (let level = levels.length; level > 0; level -= 1) {
    const step = levels[level - 1];
    if (step === undefined) continue;
    if (holds(step.raise, asked) || (level <= held && !holds(step.clear, asked))) return level;
  }
  return 0;
};

const holds = (claim: Claim, { value, readings, facts }: Asked): boolean => {
  switch (claim._tag) {
    case 'above':
      return value > claim.level;
    case 'below':
      return value < claim.level;
    case 'at_most':
      return value <= claim.level;
    case 'at_least':
      return value >= claim.level;
    case 'holds':
      return claim.expression.evaluate(readings, facts);
  }
};
