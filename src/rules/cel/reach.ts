import type { ASTNode } from './language.js';

/** Both ends included. */
type Interval = readonly [low: number, high: number];

/** A comparison that comes out the same whatever the readings are. */
export interface Settled {
  readonly holds: boolean;
  readonly metric: string;
  readonly range: Interval;
  /** Where in the text. */
  readonly index: number;
}

/** Comparisons of a metric with a number, or with another metric, that the ranges of the metrics settle. */
export const settledIn = (node: ASTNode, rangeOf: (metric: string) => Interval | null): readonly Settled[] => {
  if (node.op === '&&' || node.op === '||') return node.args.flatMap((inner) => settledIn(inner, rangeOf));
  if (node.op === '!_') return settledIn(node.args, rangeOf);
  if (node.op !== '<' && node.op !== '<=' && node.op !== '>' && node.op !== '>=') return [];
  const [one, other] = node.args;
  const metric = metricIn(one) ?? metricIn(other);
  const [a, b] = [intervalOf(one, rangeOf), intervalOf(other, rangeOf)];
  const range = metric === null ? null : rangeOf(metric);
  if (metric === null || range === null || a === null || b === null) return [];
  const isUp = node.op === '>' || node.op === '>=';
  const holds = outcome(isUp ? b : a, isUp ? a : b, node.op.length > 1);
  return holds === null ? [] : [{ holds, metric, range, index: one.start }];
};

/** Whether less < more for all of their values, or for none; null when that depends. */
const outcome = (less: Interval, more: Interval, orEqual: boolean): boolean | null => {
  if (less[1] < more[0] || (orEqual && less[1] === more[0])) return true;
  if (less[0] > more[1] || (!orEqual && less[0] === more[1])) return false;
  return null;
};

const metricIn = (node: ASTNode): string | null =>
  node.op === '-_' ? metricIn(node.args) : node.op === 'id' ? node.args : null;

const intervalOf = (node: ASTNode, rangeOf: (metric: string) => Interval | null): Interval | null => {
  if (node.op === 'id') return rangeOf(node.args);
  if (node.op === 'value') {
    const isNumber = typeof node.args === 'number' || typeof node.args === 'bigint';
    return isNumber ? [Number(node.args), Number(node.args)] : null;
  }
  if (node.op !== '-_') return null;
  const inner = intervalOf(node.args, rangeOf);
  return inner === null ? null : [-inner[1], -inner[0]];
};
