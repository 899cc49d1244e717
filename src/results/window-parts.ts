import type { WindowResult } from '../../streams/model/window.js';
import type { Rules } from '../../streams/rules/rules.js';
import { type StoredWindowRules, windowResult } from '../../streams/state/window-memory.js';
import { column } from '../../streams/windows/window-row.js';
import { spanIn } from '../../streams/windows/span.js';

/** A window as one partition knows it. Of a closed one the times of its first and last value are no longer known. */
export interface WindowPart {
  readonly result: WindowResult;
  readonly firstAtMs: number | null;
  readonly lastAtMs: number | null;
}

export const closedPart = (result: WindowResult): WindowPart => ({ result, firstAtMs: null, lastAtMs: null });

/** Open windows by what is stored of them. What further statistics remember can be read only under the rules that wrote it. */
export const openParts = (device: string, stored: StoredWindowRules, { windows }: Rules): readonly WindowPart[] =>
  Object.entries(stored).flatMap(([id, [shape, held]]) => {
    const span = spanIn(shape);
    if (span === null) return [];
    const statistics = windows.find((rule) => rule.id === id && rule.shape === shape)?.statistics ?? [];
    const open = 'windows' in held ? held.windows : held;
    const partialUntilMs = ('windows' in held ? held.partialUntilMs : undefined) ?? -Infinity;
    return open.flatMap(({ startMs, rows, more }) =>
      Object.entries(rows).map(([metric, row]) => ({
        result: windowResult({
          rule: id,
          device,
          metric,
          span,
          startMs,
          row,
          statistics,
          more: more?.[metric] ?? null,
          isClosed: false,
          isCut: startMs < partialUntilMs,
        }),
        firstAtMs: startMs + row[column.firstAfterMs],
        lastAtMs: startMs + row[column.lastAfterMs],
      })),
    );
  });

/** Windows by rule, metric and span, parts of one window merged. */
export const mergeParts = (parts: readonly WindowPart[]): readonly WindowResult[] => {
  const merged = new Map<string, WindowPart>();
  for (const part of parts) {
    const { rule, metric, startMs, endMs } = part.result;
    const key = `${rule} ${metric} ${startMs} ${endMs}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? part : merge(known, part));
  }
  return [...merged.values()].map(({ result }) => result);
};

/**
 * Counts and sums add; mean and variance by the parallel formula (Chan, Golub, LeVeque 1979). `first` and `last` go by time where both
 * times are known, else by the part in which more was counted. The revision is what one partition would have counted up to: it has
 * ended when both parts have, and every correction of either counts.
 */
const merge = (a: WindowPart, b: WindowPart): WindowPart => {
  const [left, right] = [a.result, b.result];
  const count = left.count + right.count;
  const delta = right.mean - left.mean;
  const m2 =
    left.variance * left.count + right.variance * right.count + (delta * delta * left.count * right.count) / count;
  const first = isFirst(a, b) ? a : b;
  const last = isLast(b, a) ? b : a;
  return {
    result: {
      ...left,
      count,
      sum: left.sum + right.sum,
      min: Math.min(left.min, right.min),
      max: Math.max(left.max, right.max),
      mean: left.mean + (delta * right.count) / count,
      variance: m2 / count,
      first: first.result.first,
      last: last.result.last,
      revision: left.revision === 0 || right.revision === 0 ? 0 : left.revision + right.revision - 1,
      isClosed: left.isClosed && right.isClosed,
      isCut: left.isCut || right.isCut,
      // Results alone can't be merged.
      more: Object.fromEntries(Object.keys({ ...left.more, ...right.more }).map((name) => [name, null])),
    },
    firstAtMs: a.firstAtMs === null || b.firstAtMs === null ? null : first.firstAtMs,
    lastAtMs: a.lastAtMs === null || b.lastAtMs === null ? null : last.lastAtMs,
  };
};

const isFirst = (a: WindowPart, b: WindowPart): boolean =>
  a.firstAtMs === null || b.firstAtMs === null ? a.result.count >= b.result.count : a.firstAtMs <= b.firstAtMs;

/** Of equal times the other, later partition wins. */
const isLast = (b: WindowPart, a: WindowPart): boolean =>
  a.lastAtMs === null || b.lastAtMs === null ? b.result.count > a.result.count : b.lastAtMs >= a.lastAtMs;
