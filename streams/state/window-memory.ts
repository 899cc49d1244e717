import { isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { WindowResult } from '../model/window.js';
import type { Rules, WindowRule } from '../rules/rules.js';
import type { Statistic } from '../statistics/statistic.js';
import type { Span } from '../windows/kinds/kind.js';
import { OpenWindow, RuleWindows } from '../windows/open-window.js';
import { column, emptyRows, putRow, rowLength, WindowRow } from '../windows/window-row.js';
import { ConstantBytes } from './json/constant-bytes.js';
import type { JsonBytes } from './json/json-bytes.js';
import { type MemberHeads, memberHeads } from './json/member-heads.js';
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

/** Shared by `window`, which writes it, and by whoever reads open windows. */
export const windowMemory = ({ windows, metrics }: Rules): Memory<RuleStates<RuleWindows>> => {
  const names = windows.map((rule) => rule.metrics.map((slot) => metrics[slot]?.name ?? ''));
  const heads = names.map((ofRule) => ofRule.map((name) => memberHeads(name, '[')));
  return ruleMemory<RuleWindows>({
    name: 'window',
    rules: windows,
    write: (held, { index }, json) => write(held, names[index] ?? [], heads[index] ?? [], json),
    decode: (stored, { index }, context) => {
      const decoded = StoredWindows.validate(stored, context);
      if (isLeft(decoded)) return decoded;
      const rule = windows[index];
      return right(rule === undefined ? new RuleWindows() : opened(decoded.right, names[index] ?? [], rule));
    },
  });
};

const member = {
  windows: new ConstantBytes('{"windows":'),
  start: new ConstantBytes('{"startMs":'),
  rows: new ConstantBytes(',"rows":'),
};
const [comma, openingBrace, closingBrace, openingBracket, closingBracket] = [0x2c, 0x7b, 0x7d, 0x5b, 0x5d];

const write = (
  { windows, floors, partialUntilMs }: RuleWindows,
  names: readonly string[],
  heads: readonly MemberHeads[],
  json: JsonBytes,
): boolean => {
  const isPlain = floors === null && partialUntilMs === -Infinity;
  if (windows.length === 0 && isPlain) return false;
  if (!isPlain) json.constant(member.windows);
  json.sign(openingBracket);
  for (let i = 0; i < windows.length; i += 1) {
    const window = windows[i];
    if (i > 0) json.sign(comma);
    if (window !== undefined) writeWindow(window, names, heads, json);
  }
  json.sign(closingBracket);
  if (isPlain) return true;
  if (floors !== null) json.text(`,"floors":${JSON.stringify(floorsByName(floors, names))}`);
  if (partialUntilMs !== -Infinity) json.text(`,"partialUntilMs":${partialUntilMs}`);
  json.sign(closingBrace);
  return true;
};

const floorsByName = (floors: readonly number[], names: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    names.map((name, i) => [name, floors[i] ?? -Infinity] as const).filter(([, floor]) => floor !== -Infinity),
  );

const writeWindow = (
  window: OpenWindow,
  names: readonly string[],
  heads: readonly MemberHeads[],
  json: JsonBytes,
): void => {
  const { startMs, rows, more } = window;
  json.constant(member.start);
  json.number(startMs);
  json.constant(member.rows);
  let isFirst = true;
  for (let i = 0; i < heads.length; i += 1) {
    const head = heads[i];
    if (head === undefined || window.countOf(i) === 0) continue;
    json.constant(isFirst ? head.first : head.further);
    json.numbers(rows, i * rowLength, (i + 1) * rowLength);
    json.sign(closingBracket);
    isFirst = false;
  }
  if (isFirst) json.sign(openingBrace);
  json.sign(closingBrace);
  if (more !== null) json.text(`,"more":${JSON.stringify(moreByName(more, names))}`);
  json.sign(closingBrace);
};

const moreByName = (more: readonly (number[][] | null)[], names: readonly string[]): Record<string, number[][]> => {
  const byName: Record<string, number[][]> = {};
  for (const [i, name] of names.entries()) {
    const of = more[i];
    if (of != null) byName[name] = of;
  }
  return byName;
};

const opened = (all: StoredWindows, names: readonly string[], { statistics }: WindowRule): RuleWindows => {
  const { windows, floors = null, partialUntilMs = -Infinity } = 'windows' in all ? all : { windows: all };
  const held = new RuleWindows();
  held.dueMs = -Infinity;
  held.partialUntilMs = partialUntilMs;
  held.floors = floors === null ? null : names.map((name) => floors[name] ?? -Infinity);
  for (const { startMs, rows, more } of windows) {
    const ofStatistics = (name: string) => (rows[name] === undefined ? null : (more?.[name] ?? statistics.map((each) => each.begin()))); // prettier-ignore
    const filled = emptyRows(names.length);
    names.forEach((name, position) => {
      const row = rows[name];
      if (row !== undefined) putRow(filled, position, row);
    });
    held.windows.push(new OpenWindow(startMs, filled, statistics.length === 0 ? null : names.map(ofStatistics)));
  }
  return held;
};
