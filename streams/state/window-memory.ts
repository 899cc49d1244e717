import { isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { WindowResult } from '../model/window.js';
import type { Rules, WindowRule } from '../rules/rules.js';
import type { Statistic } from '../statistics/statistic.js';
import type { Span } from '../windows/kinds/kind.js';
import { OpenWindow, RuleWindows } from '../windows/open-window.js';
import { column, WindowRow } from '../windows/window-row.js';
import type { Memory } from './partition-state.js';
import { ruleMemory, type RuleStates } from './rule-memory.js';

/**
 * One open window of a device as it is stored: its start, epoch ms, and by metric name the row of base statistics and, where the rule asks for more,
 * what each of those remembers.
 */
export const StoredWindow = t.intersection([
  t.type({ startMs: t.number, rows: t.record(t.string, WindowRow) }),
  t.partial({ more: t.record(t.string, t.array(t.array(t.number))) }),
]);
export type StoredWindow = t.TypeOf<typeof StoredWindow>;

/**
 * The open windows of a rule, in order of start. `floors`: of windows that readings close the start of the last one that closed, by metric name. `partialUntilMs`: windows
 * that begin before it lack what came before their rule was changed.
 */
export const StoredWindows = t.union([
  t.array(StoredWindow),
  t.intersection([
    t.type({ windows: t.array(StoredWindow) }),
    t.partial({ floors: t.record(t.string, t.number), partialUntilMs: t.number }),
  ]),
]);
export type StoredWindows = t.TypeOf<typeof StoredWindows>;

/** Stored windows by rule id, with the shape they have. */
export const StoredWindowRules = t.record(t.string, t.tuple([t.string, StoredWindows]));
export type StoredWindowRules = t.TypeOf<typeof StoredWindowRules>;

/** What people see of a window. */
export const windowResult = (of: {
  readonly rule: string;
  readonly device: string;
  readonly metric: string;
  readonly span: Span;
  readonly startMs: number;
  readonly row: WindowRow;
  readonly statistics: readonly Statistic[];
  readonly more: readonly number[][] | null;
  readonly isClosed: boolean;
  readonly isCut: boolean;
}): WindowResult => {
  const { rule, device, metric, span, startMs, row, isClosed, isCut } = of;
  const [count, sum, min, max] = row;
  return {
    rule,
    device,
    metric,
    startMs,
    endMs: span.endOf(startMs, row[column.lastAfterMs]),
    count,
    sum,
    min,
    max,
    // Rounding of the sum does not take it beyond the values.
    mean: Math.min(max, Math.max(min, sum / count)),
    variance: row[column.m2] / count,
    first: row[column.first],
    last: row[column.last],
    revision: row[column.revision],
    isClosed,
    isCut,
    more: moreOf(of.statistics, of.more, row),
  };
};

const nothingMore: WindowResult['more'] = Object.freeze({});

const moreOf = (
  statistics: readonly Statistic[],
  more: readonly number[][] | null,
  row: WindowRow,
): WindowResult['more'] => {
  if (more === null || statistics.length === 0) return nothingMore;
  const window = { min: row[column.min], max: row[column.max] };
  return Object.assign({}, ...statistics.map((statistic, i) => statistic.resultsOf(more[i] ?? [], window))) as WindowResult['more']; // prettier-ignore
};

/** Shared by `window`, which writes it, and by whoever reads open windows. Windows that did not change are written as they were. */
export const windowMemory = ({ windows, metrics }: Rules): Memory<RuleStates<RuleWindows>> => {
  const names = windows.map((rule) => rule.metrics.map((slot) => metrics[slot]?.name ?? ''));
  return ruleMemory<RuleWindows>({
    name: 'window',
    rules: windows,
    textOf: (held, { index }) => textOf(held, names[index] ?? []),
    decode: (stored, { index }, context) => {
      const decoded = StoredWindows.validate(stored, context);
      if (isLeft(decoded)) return decoded;
      const rule = windows[index];
      return right(rule === undefined ? new RuleWindows() : opened(decoded.right, names[index] ?? [], rule));
    },
  });
};

const textOf = ({ windows, floors, partialUntilMs }: RuleWindows, names: readonly string[]): string | null => {
  const isPlain = floors === null && partialUntilMs === -Infinity;
  if (windows.length === 0 && isPlain) return null;
  let texts = '';
  for (const window of windows) texts += `${texts && ','}${(window.text ??= JSON.stringify(stored(window, names)))}`;
  if (isPlain) return `[${texts}]`;
  const lowest = floors === null ? '' : `,"floors":${JSON.stringify(floorsByName(floors, names))}`;
  const partial = partialUntilMs === -Infinity ? '' : `,"partialUntilMs":${partialUntilMs}`;
  return `{"windows":[${texts}]${lowest}${partial}}`;
};

const floorsByName = (floors: readonly number[], names: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    names.map((name, i) => [name, floors[i] ?? -Infinity] as const).filter(([, floor]) => floor !== -Infinity),
  );

const stored = ({ startMs, rows, more }: OpenWindow, names: readonly string[]): StoredWindow => {
  const byName: Record<string, WindowRow> = {};
  const moreByName: Record<string, number[][]> = {};
  for (let i = 0; i < names.length; i += 1) {
    const row = rows[i];
    const name = names[i];
    if (row == null || name === undefined) continue;
    byName[name] = row;
    const of = more?.[i];
    if (of != null) moreByName[name] = of;
  }
  return { startMs, rows: byName, ...(more !== null && { more: moreByName }) };
};

const opened = (all: StoredWindows, names: readonly string[], { statistics }: WindowRule): RuleWindows => {
  const { windows, floors = null, partialUntilMs = -Infinity } = 'windows' in all ? all : { windows: all };
  const held = new RuleWindows();
  held.dueMs = -Infinity;
  held.partialUntilMs = partialUntilMs;
  held.floors = floors === null ? null : names.map((name) => floors[name] ?? -Infinity);
  for (const { startMs, rows, more } of windows) {
    const ofStatistics = (name: string) => (rows[name] === undefined ? null : (more?.[name] ?? statistics.map((each) => each.begin()))); // prettier-ignore
    held.windows.push(
      new OpenWindow(
        startMs,
        names.map((name) => rows[name] ?? null),
        statistics.length === 0 ? null : names.map(ofStatistics),
      ),
    );
  }
  return held;
};
