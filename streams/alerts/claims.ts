import type { AlertLevel, Claim, Expression } from '../rules/rules.js';

/** A level but for how bad it is. */
export type Bounds = Omit<AlertLevel, 'severity'>;

interface Levels {
  readonly raise: number;
  readonly clear: number;
}

/** Raised at more than one level, cleared at another, or below it. */
export const above = ({ raise, clear }: Levels): Bounds => ({
  raise: compared('>', raise, ({ value }) => value > raise),
  clear: compared('<=', clear, ({ value }) => value <= clear),
  calm: [-Infinity, raise],
  further: Math.max,
});

/** Raised at less than one level, cleared at another, or above it. */
export const below = ({ raise, clear }: Levels): Bounds => ({
  raise: compared('<', raise, ({ value }) => value < raise),
  clear: compared('>=', clear, ({ value }) => value >= clear),
  calm: [raise, Infinity],
  further: Math.min,
});

const compared = (sign: string, level: number, holds: Claim['holds']): Claim => ({
  text: `${sign} ${level}`,
  reads: [],
  edges: [level],
  holds,
});

/** Raised, and cleared, when an expression says so. */
export const expressed = (raise: Expression<boolean>, clear: Expression<boolean>): Bounds => ({
  raise: said(raise),
  clear: said(clear),
  // There is no single value that could be a peak.
  further: (one) => one,
});

const said = ({ text, reads, evaluate }: Expression<boolean>): Claim => ({
  text,
  reads,
  edges: [],
  holds: ({ readings, facts }) => evaluate(readings, facts),
});
