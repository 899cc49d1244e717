import type { AlertLevel, Asked } from '../rules/rules.js';

/**
 * The level in force, from 1; 0 for none. The highest whose `raise` holds, or up to which the one `held` has not been left: so a value
 * between the clear and the raise level keeps what is (hysteresis).
 */
export const levelOf = (levels: readonly AlertLevel[], held: number, asked: Asked): number => {
  for (let level = levels.length; level > 0; level -= 1) {
    const step = levels[level - 1];
    if (step === undefined) continue;
    if (step.raise.holds(asked) || (level <= held && !step.clear.holds(asked))) return level;
  }
  return 0;
};

/** The level that a value crossed, as messages name it: of several the nearest. NaN for expressions. */
export const levelCrossed = ({ raise: { edges } }: AlertLevel, value: number): number =>
  edges.reduce(
    (nearest, edge) => (Math.abs(value - edge) < Math.abs(value - nearest) ? edge : nearest),
    edges[0] ?? NaN,
  );
