import type { WindowRule } from '../rules/rules.js';
import { OpenWindow, type RuleWindows } from '../state/window-memory.js';
import { addTo, column, emptyRow, mergeInto, type WindowRow } from '../state/window-row.js';
import { endOf } from './span.js';

/** A row that must be told right away. */
export interface Touched {
  readonly window: OpenWindow;
  readonly position: number;
  readonly isClosed: boolean;
}

/** Puts readings into the windows of one rule. Which of them must be told at once is in `touched`, for the caller to take out. */
export class Filling {
  readonly touched: Touched[] = [];
  readonly #rule: WindowRule;

  constructor(rule: WindowRule) {
    this.#rule = rule;
  }

  /** `position`: of the metric among those of the rule. `watermarkMs`: of the device, before this reading. */
  add(held: RuleWindows, position: number, value: number, atMs: number, watermarkMs: number): void {
    const { span, allowedLatenessMs } = this.#rule;
    switch (span._tag) {
      case 'tumbling':
        this.#put(held, Math.floor(atMs / span.sizeMs) * span.sizeMs, span.sizeMs, position, value, atMs, watermarkMs);
        return;
      case 'hopping': {
        const newestMs = Math.floor(atMs / span.everyMs) * span.everyMs;
        for (let startMs = newestMs; startMs > atMs - span.sizeMs; startMs -= span.everyMs)
          this.#put(held, startMs, span.sizeMs, position, value, atMs, watermarkMs);
        return;
      }
      case 'session':
        if (watermarkMs < atMs + span.gapMs + allowedLatenessMs || this.#isInSession(held, position, atMs, span.gapMs))
          this.#join(held, position, value, atMs, watermarkMs, span.gapMs);
        return;
      case 'count':
        this.#count(held, position, value, atMs, span.size);
    }
  }

  /** Into the window of fixed size that starts there, unless it has closed. */
  #put(
    held: RuleWindows,
    startMs: number,
    sizeMs: number,
    position: number,
    value: number,
    atMs: number,
    watermarkMs: number,
  ): void {
    const endMs = startMs + sizeMs;
    const closesMs = endMs + this.#rule.allowedLatenessMs;
    if (watermarkMs >= closesMs) return;
    const window = this.#windowAt(held, startMs);
    this.#fold(window, position, value, atMs - startMs);
    const isCorrection = watermarkMs >= endMs;
    held.dueMs = Math.min(held.dueMs, isCorrection ? closesMs : endMs);
    if (isCorrection) this.#correct(window, position);
  }

  #fold(window: OpenWindow, position: number, value: number, afterMs: number): void {
    addTo((window.rows[position] ??= emptyRow()), value, afterMs);
    window.text = null;
    const { statistics } = this.#rule;
    if (window.more === null) return;
    const more = (window.more[position] ??= statistics.map((statistic) => statistic.begin()));
    for (let i = 0; i < statistics.length; i += 1) statistics[i]?.add(more[i] ?? [], value, afterMs);
  }

  #correct(window: OpenWindow, position: number): void {
    const row = window.rows[position];
    if (row == null) return;
    row[column.revision] += 1;
    this.touched.push({ window, position, isClosed: false });
  }

  #made(startMs: number): OpenWindow {
    const { metrics, statistics } = this.#rule;
    const rows: (WindowRow | null)[] = [];
    for (let i = 0; i < metrics.length; i += 1) rows.push(null);
    return new OpenWindow(startMs, rows, statistics.length === 0 ? null : rows.map(() => null));
  }

  /** Nearly always the newest one. */
  #windowAt({ windows }: RuleWindows, startMs: number): OpenWindow {
    let at = windows.length;
    while (at > 0) {
      const window = windows[at - 1];
      if (window === undefined || window.startMs < startMs) break;
      if (window.startMs === startMs) return window;
      at -= 1;
    }
    const made = this.#made(startMs);
    windows.splice(at, 0, made);
    return made;
  }

  #isInSession({ windows }: RuleWindows, position: number, atMs: number, gapMs: number): boolean {
    return windows.some((window) => isWithin(window, position, atMs, gapMs));
  }

  /** Into the session that it is within a gap of; it may join two. Sessions of different metrics are windows of their own. */
  #join(held: RuleWindows, position: number, value: number, atMs: number, watermarkMs: number, gapMs: number): void {
    const near = held.windows.filter((window) => isWithin(window, position, atMs, gapMs));
    const [first] = near;
    const session = first === undefined || atMs < first.startMs ? this.#insert(held, atMs) : first;
    this.#fold(session, position, value, atMs - session.startMs);
    for (const other of near) {
      if (other === session) continue;
      this.#merge(session, other, position);
      held.windows.splice(held.windows.indexOf(other), 1);
    }
    const row = session.rows[position];
    if (row == null) return;
    const endMs = endOf(this.#rule.span, session.startMs, row[column.lastAfterMs]);
    held.dueMs = Math.min(held.dueMs, watermarkMs >= endMs ? endMs + this.#rule.allowedLatenessMs : endMs);
    if (row[column.revision] > 0 || watermarkMs >= endMs) this.#correct(session, position);
  }

  /** Where several metrics have sessions that begin at the same time, each has a window of its own. */
  #insert({ windows }: RuleWindows, startMs: number): OpenWindow {
    const made = this.#made(startMs);
    let at = windows.length;
    while (at > 0 && (windows[at - 1]?.startMs ?? -Infinity) > startMs) at -= 1;
    windows.splice(at, 0, made);
    return made;
  }

  #merge(into: OpenWindow, other: OpenWindow, position: number): void {
    const [row, added] = [into.rows[position], other.rows[position]];
    if (row == null || added == null) return;
    const laterMs = other.startMs - into.startMs;
    mergeInto(row, added, laterMs);
    into.text = null;
    const [more, addedMore] = [into.more?.[position], other.more?.[position]];
    if (more == null || addedMore == null) return;
    for (const [i, statistic] of this.#rule.statistics.entries())
      statistic.merge(more[i] ?? [], addedMore[i] ?? [], laterMs);
  }

  /** Into the window under way, which closes when it is full. No two of a metric begin at the same time. */
  #count(held: RuleWindows, position: number, value: number, atMs: number, size: number): void {
    held.floors ??= this.#rule.metrics.map(() => -Infinity);
    const open = held.windows.find(({ rows }) => rows[position] != null);
    const floorMs = held.floors[position] ?? -Infinity;
    const window = open ?? this.#insert(held, Math.max(atMs, floorMs + 1));
    this.#fold(window, position, value, atMs - window.startMs);
    const row = window.rows[position];
    if (row == null || row[column.count] < size) return;
    row[column.revision] = 1;
    this.touched.push({ window, position, isClosed: true });
    held.floors[position] = window.startMs;
    held.windows.splice(held.windows.indexOf(window), 1);
  }
}

/** Whether a time lies in a session, or less than a gap from it. */
const isWithin = ({ startMs, rows }: OpenWindow, position: number, atMs: number, gapMs: number): boolean => {
  const row = rows[position];
  return row != null && atMs > startMs - gapMs && atMs < startMs + row[column.lastAfterMs] + gapMs;
};
