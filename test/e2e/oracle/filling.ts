import type { AlignedRule, CountRule, SessionRule, WindowRule } from './rules.js';
import { endOf, type ExpectedWindow, lastCloseOf, openStartsAt } from './windows.js';

/** The windows of a device. */
export interface Filled {
  readonly id: string;
  readonly open: Set<ExpectedWindow>;
  /** Windows of a count that are full, of rules in force. */
  readonly full: Set<ExpectedWindow>;
  /** By rule: windows that begin before lack what came before their rule was changed. */
  readonly partialUntil: Map<string, number>;
}

/** A reading on its way into them. */
export interface Came {
  readonly metric: string;
  readonly value: number;
  readonly timeMs: number;
  /** Watermark of the device before it came. */
  readonly beforeMs: number;
}

/** Puts a reading into the windows of a rule, and new ones into `all` as well; gives the one that it filled up. */
export const fill = (all: Set<ExpectedWindow>, device: Filled, rule: WindowRule, came: Came): ExpectedWindow | null => {
  const begin = (startMs: number, of: Partial<ExpectedWindow> = {}): ExpectedWindow => {
    const { metric } = came;
    // A count begins anew with the change, and is whole.
    const isCut = rule._tag !== 'count' && startMs < (device.partialUntil.get(rule.id) ?? -Infinity);
    const nothing = { values: [], revision: 0, isClosed: false, isCut, joins: 0 };
    const window = { rule, device: device.id, metric, startMs, ...nothing, ...of };
    all.add(window);
    device.open.add(window);
    return window;
  };
  const mine: ExpectedWindow[] = [];
  for (const one of device.open) if (one.rule === rule && one.metric === came.metric) mine.push(one);
  switch (rule._tag) {
    case 'aligned':
      fillAligned(mine, rule, came, begin);
      return null;
    case 'session':
      for (const one of fillSession(mine, rule, came, begin)) {
        all.delete(one);
        device.open.delete(one);
      }
      return null;
    case 'count':
      return fillCount(mine, device, rule, came, begin);
  }
};

type Begin = (startMs: number, of?: Partial<ExpectedWindow>) => ExpectedWindow;

const fillAligned = (mine: readonly ExpectedWindow[], rule: AlignedRule, came: Came, begin: Begin): void => {
  const { value, timeMs, beforeMs } = came;
  for (const startMs of openStartsAt(rule, timeMs, beforeMs)) {
    const window = mine.find((one) => one.startMs === startMs) ?? begin(startMs);
    window.values.push({ value, timeMs });
    // A record behind the end of its window corrects it, whether or not the window had held anything before.
    if (beforeMs >= endOf(window)) window.revision += 1;
  }
};

/** Cuts all that has not closed into sessions anew. Gives those whose readings are in another one now. */
const fillSession = (
  mine: readonly ExpectedWindow[],
  rule: SessionRule,
  came: Came,
  begin: Begin,
): readonly ExpectedWindow[] => {
  const { value, timeMs, beforeMs } = came;
  const reading = { value, timeMs };
  const all = [...mine.flatMap(({ values }) => values), reading];
  const values = cutAtGaps(all, rule.gapMs).find((one) => one.includes(reading)) ?? [];
  // Its session has closed, and there is no other that it could be in. The record may count elsewhere.
  if (values.length === 1 && lastCloseOf(rule, timeMs) <= beforeMs) return [];
  // What was in one session still is.
  const joined = mine.filter(({ values: [held] }) => held !== undefined && values.includes(held));
  const joins = joined.reduce((sum, one) => sum + one.joins, Math.max(0, joined.length - 1));
  const told = Math.max(0, ...joined.map(({ revision }) => revision));
  const window = begin(values[0]?.timeMs ?? NaN, { values, joins });
  const isCorrection = told > 0 || beforeMs >= endOf(window);
  window.revision = isCorrection ? told + 1 : 0;
  return joined;
};

const cutAtGaps = <A extends { readonly timeMs: number }>(all: readonly A[], gapMs: number): readonly A[][] => {
  const sessions: A[][] = [];
  let lastMs = -Infinity;
  for (const one of all.toSorted((a, b) => a.timeMs - b.timeMs)) {
    if (one.timeMs - lastMs >= gapMs) sessions.push([]);
    sessions.at(-1)?.push(one);
    lastMs = one.timeMs;
  }
  return sessions;
};

/** No two windows of a metric begin at the same time: one begins at its first reading, or else right after the start of the one before. */
const fillCount = (
  mine: readonly ExpectedWindow[],
  { open, full }: Filled,
  rule: CountRule,
  { metric, value, timeMs }: Came,
  begin: Begin,
): ExpectedWindow | null => {
  const before = (): readonly ExpectedWindow[] =>
    [...full].filter((one) => one.rule.id === rule.id && one.metric === metric);
  const window = mine[0] ?? begin(Math.max(timeMs, ...before().map(({ startMs }) => startMs + 1)));
  window.values.push({ value, timeMs });
  if (window.values.length < rule.size) return null;
  window.revision = 1;
  window.isClosed = true;
  open.delete(window);
  full.add(window);
  return window;
};
