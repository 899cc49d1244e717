import type { Expression, MetricRule } from '../../streams/rules/rules.js';
import type { Details } from './findings.js';

/** A metric and its slot. */
export interface Slot extends MetricRule {
  readonly slot: number;
}

/**
 * What a kind of condition or of claim asks for while an entry with it is compiled: names looked up, and a place for what is wrong. `below` leads from
 * where the keys of the kind stand to what is meant: `['above', 'raise']`.
 */
export interface Compiling {
  /** Names of metrics by slot. */
  readonly names: readonly string[];
  /** Something wrong: rules with it are never used. */
  readonly fault: (below: readonly string[], problem: string, details?: Details) => void;
  /** Something strange, yet possible. */
  readonly warn: (below: readonly string[], problem: string, details?: Details) => void;
  /** The metric of that name; null, and a fault, when there is none. */
  readonly slot: (name: string, below: readonly string[]) => Slot | null;
  /** An expression that is true or false; null, and a fault, when it is none. */
  readonly expression: (text: string, below: readonly string[]) => Expression<boolean> | null;
}
