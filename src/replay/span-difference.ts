import type { Span } from './spans.js';

export interface ChangedSpan {
  readonly before: Span;
  readonly now: Span;
}

/** What other rules would have told. In order of rule, device and time. */
export interface SpanDifference {
  readonly same: number;
  /** Told by both, but at other times, or another severity. */
  readonly changed: readonly ChangedSpan[];
  readonly more: readonly Span[];
  readonly fewer: readonly Span[];
}

/** Episodes belong together when they are of the same rule and device, and overlap in time; each belongs to one other at most, the first that it overlaps. */
export const spanDifference = (before: readonly Span[], now: readonly Span[]): SpanDifference => {
  const [old, young] = [inLines(before), inLines(now)];
  const difference = { same: 0, changed: [] as ChangedSpan[], more: [] as Span[], fewer: [] as Span[] };
  for (const key of [...new Set([...old.keys(), ...young.keys()])].sort())
    compare(old.get(key) ?? [], young.get(key) ?? [], difference);
  return difference;
};

const inLines = (spans: readonly Span[]): ReadonlyMap<string, readonly Span[]> => {
  const lines = new Map<string, Span[]>();
  for (const span of spans) {
    const key = JSON.stringify([span.rule, span.device]);
    lines.set(key, [...(lines.get(key) ?? []), span]);
  }
  for (const line of lines.values()) line.sort((a, b) => a.raisedAtMs - b.raisedAtMs);
  return lines;
};

const compare = (
  before: readonly Span[],
  now: readonly Span[],
  into: { same: number; changed: ChangedSpan[]; more: Span[]; fewer: Span[] },
): void => {
  let [i, j] = [0, 0];
  for (;;) {
    const [old, young] = [before[i], now[j]];
    if (old === undefined || young === undefined) break;
    if (endOf(old) < young.raisedAtMs) {
      into.fewer.push(old);
      i += 1;
    } else if (endOf(young) < old.raisedAtMs) {
      into.more.push(young);
      j += 1;
    } else {
      if (isSame(old, young)) into.same += 1;
      else into.changed.push({ before: old, now: young });
      i += 1;
      j += 1;
    }
  }
  into.fewer.push(...before.slice(i));
  into.more.push(...now.slice(j));
};

const endOf = ({ clearedAtMs }: Span): number => clearedAtMs ?? Infinity;

const isSame = (a: Span, b: Span): boolean =>
  a.raisedAtMs === b.raisedAtMs && a.clearedAtMs === b.clearedAtMs && a.severity === b.severity;
