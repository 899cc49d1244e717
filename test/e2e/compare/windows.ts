import type { Filled } from '../oracle/filling.js';
import { endOf, type ExpectedWindow } from '../oracle/windows.js';
import { member } from './found.js';

/** By definition, from all values; nothing is updated step by step. */
const statistics = ({ values }: ExpectedWindow) => {
  const count = values.length;
  const sum = values.reduce((total, { value }) => total + value, 0);
  const mean = sum / count;
  const variance = values.reduce((total, { value }) => total + (value - mean) ** 2, 0) / count;
  const inTime = [...values].sort((a, b) => a.timeMs - b.timeMs);
  return {
    count,
    sum,
    mean,
    variance,
    min: Math.min(...values.map(({ value }) => value)),
    max: Math.max(...values.map(({ value }) => value)),
    first: inTime[0]?.value,
    firstAtMs: inTime[0]?.timeMs,
    last: inTime.at(-1)?.value,
    lastAtMs: inTime.at(-1)?.timeMs,
  };
};

/** Open windows of a device, as they lie beside its other state: by rule; of windows of a count also where the last full ones began. */
export const openWindows = ({ open, full }: Pick<Filled, 'open' | 'full'>): unknown => {
  const byRule: Record<string, Record<string, OpenWindow>> = {};
  for (const window of open) {
    const { startMs, metric, revision } = window;
    const { count, sum, min, max, variance, firstAtMs = NaN, first, lastAtMs = NaN, last } = statistics(window);
    const [firstAfterMs, lastAfterMs] = [firstAtMs - startMs, lastAtMs - startMs];
    // Only those that begin for all metrics at the same times lie together.
    const key = window.rule._tag === 'aligned' ? `${startMs}` : `${startMs} ${metric}`;
    const { rows } = ((byRule[window.rule.id] ??= {})[key] ??= { startMs, rows: {} });
    rows[metric] = [count, sum, min, max, variance * count, firstAfterMs, first, lastAfterMs, last, revision];
  }
  const floors: Record<string, Record<string, number>> = {};
  for (const { rule, metric, startMs } of full) {
    const ofRule = (floors[rule.id] ??= {});
    ofRule[metric] = Math.max(ofRule[metric] ?? -Infinity, startMs);
  }
  const ofRule = (rule: string): unknown => {
    const windows = Object.values(byRule[rule] ?? {}).sort((a, b) => a.startMs - b.startMs);
    return floors[rule] === undefined ? windows : { windows, floors: floors[rule] };
  };
  const rules = new Set([...Object.keys(byRule), ...Object.keys(floors)]);
  return seenWindows(Object.fromEntries([...rules].map((rule) => [rule, ofRule(rule)])));
};

interface OpenWindow {
  readonly startMs: number;
  readonly rows: Record<string, readonly unknown[]>;
}

/**
 * Open windows by rule, without what may be one way or another: of those that begin at the same time any may come first. Until when they are partial shows in
 * the windows that are told.
 */
export const seenWindows = (byRule: unknown): unknown =>
  typeof byRule !== 'object' || byRule === null
    ? byRule
    : Object.fromEntries(
        Object.entries(byRule).flatMap(([rule, held]: [string, unknown]) => {
          if (Array.isArray(held)) return [[rule, inAnyOrder(held)] as const];
          const [windows, floors] = [member(held, 'windows'), member(held, 'floors')];
          if (!Array.isArray(windows)) return [[rule, held] as const];
          if (floors !== undefined) return [[rule, { windows: inAnyOrder(windows), floors }] as const];
          return windows.length === 0 ? [] : [[rule, inAnyOrder(windows)] as const];
        }),
      );

const inAnyOrder = (windows: readonly unknown[]): unknown => {
  const keyed = windows.map((window) => {
    const [startMs, metrics] = [
      member(window, 'startMs'),
      Object.keys(member(window, 'rows') ?? {})
        .sort()
        .join(),
    ];
    return { key: `${String(startMs)} ${metrics}`, startMs, window };
  });
  return {
    starts: keyed.map(({ startMs }) => startMs),
    windows: keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ window }) => window),
  };
};

/** The newest of each rule, device and metric, by these, the start and the end; of two with the same ones the one that closed last. */
export const closedWindows = (all: Iterable<ExpectedWindow>, keepWindows: number): ReadonlyMap<string, unknown> => {
  const series = new Map<string, Map<string, ExpectedWindow>>();
  for (const window of all) {
    if (!window.isClosed) continue;
    const name = `${window.rule.id} ${window.device} ${window.metric}`;
    const windows = series.get(name) ?? new Map<string, ExpectedWindow>();
    series.set(name, windows.set(`${window.startMs} ${endOf(window)}`, window));
  }
  return new Map(
    [...series].flatMap(([name, windows]) =>
      [...windows]
        .sort(([, a], [, b]) => b.startMs - a.startMs || endOf(b) - endOf(a))
        .slice(0, keepWindows)
        .map(([span, window]) => [`${name} ${span}`, closed(window)] as const),
    ),
  );
};

const closed = (window: ExpectedWindow): unknown => {
  const { firstAtMs: _firstAtMs, lastAtMs: _lastAtMs, ...rest } = statistics(window);
  const { rule, device, metric, startMs, revision, isClosed, isCut } = window;
  const span = { startMs, endMs: endOf(window) };
  return { rule: rule.id, device, metric, ...span, ...rest, revision, isClosed, isCut, more: {} };
};
