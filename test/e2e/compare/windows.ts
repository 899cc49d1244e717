import { endOf, type ExpectedWindow } from '../oracle/windows.js';

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

/** Open windows of a device, as they lie beside its other state: by rule, in order of start. */
export const openWindows = (open: Iterable<ExpectedWindow>): Readonly<Record<string, unknown>> => {
  const byRule: Record<string, Record<number, Record<string, readonly unknown[]>>> = {};
  for (const window of open) {
    const { startMs, metric, revision } = window;
    const { count, sum, min, max, variance, firstAtMs = NaN, first, lastAtMs = NaN, last } = statistics(window);
    const [firstAfterMs, lastAfterMs] = [firstAtMs - startMs, lastAtMs - startMs];
    const rows = ((byRule[window.rule.id] ??= {})[startMs] ??= {});
    rows[metric] = [count, sum, min, max, variance * count, firstAfterMs, first, lastAfterMs, last, revision];
  }
  const inOrder = (byStart: Record<number, unknown>): readonly unknown[] =>
    Object.entries(byStart)
      .map(([startMs, rows]) => ({ startMs: Number(startMs), rows }))
      .sort((a, b) => a.startMs - b.startMs);
  return Object.fromEntries(Object.entries(byRule).map(([rule, byStart]) => [rule, inOrder(byStart)]));
};

/** The newest of each rule, device and metric, by these and the start; of two that began at the same time the one that closed last. */
export const closedWindows = (all: readonly ExpectedWindow[], keepWindows: number): ReadonlyMap<string, unknown> => {
  const series = new Map<string, Map<number, ExpectedWindow>>();
  for (const window of all) {
    if (!window.isClosed) continue;
    const name = `${window.rule.id} ${window.device} ${window.metric}`;
    const windows = series.get(name) ?? new Map<number, ExpectedWindow>();
    series.set(name, windows.set(window.startMs, window));
  }
  return new Map(
    [...series].flatMap(([name, windows]) =>
      [...windows]
        .sort(([a], [b]) => b - a)
        .slice(0, keepWindows)
        .map(([startMs, window]) => [`${name} ${startMs}`, closed(window)] as const),
    ),
  );
};

const closed = (window: ExpectedWindow): unknown => {
  const { firstAtMs: _firstAtMs, lastAtMs: _lastAtMs, ...rest } = statistics(window);
  const { rule, device, metric, startMs, revision, isClosed, isCut } = window;
  const span = { startMs, endMs: endOf(window) };
  return { rule: rule.id, device, metric, ...span, ...rest, revision, isClosed, isCut, more: {} };
};
