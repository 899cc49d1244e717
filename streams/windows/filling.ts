import type { Statistic } from '../statistics/statistic.js';
import { OpenWindow, RuleWindows } from './open-window.js';
import { addTo, emptyRows, merged, putRow, rowAt } from './window-row.js';

/** What it takes to know of a rule of windows in order to fill them. */
interface Filled {
  readonly metrics: readonly number[];
  readonly allowedLatenessMs: number;
  readonly statistics: readonly Statistic[];
}

/** A row that must be told right away. */
export interface Touched {
  readonly window: OpenWindow;
  readonly position: number;
  readonly isClosed: boolean;
}

/**
 * The readings of one record on their way into the windows of one rule, and what a kind of window can do with them. One object is used over and over.
 * Positions are those of metrics in the rule.
 */
export class Filling {
  /** What must be told at once, for the caller to take out. */
  readonly touched: Touched[] = [];
  /** Event time of the record, epoch ms. */
  atMs = NaN;
  /** Of the device, before this record, epoch ms. */
  watermarkMs = NaN;
  /** How many readings there are. */
  count = 0;
  readonly #rule: Filled;
  readonly #noRows: readonly number[];
  readonly #positions: number[] = [];
  readonly #values: number[] = [];
  #held = new RuleWindows();

  constructor(rule: Filled) {
    this.#rule = rule;
    this.#noRows = emptyRows(rule.metrics.length);
  }

  get allowedLatenessMs(): number {
    return this.#rule.allowedLatenessMs;
  }

  /** The open windows, in order of start. */
  get windows(): readonly OpenWindow[] {
    return this.#held.windows;
  }

  /** Takes up a reading of the next record. */
  take(position: number, value: number): void {
    this.#positions[this.count] = position;
    this.#values[this.count] = value;
    this.count += 1;
  }

  /** Says what was taken up, and of what device. */
  of(held: RuleWindows, atMs: number, watermarkMs: number): this {
    this.#held = held;
    this.atMs = atMs;
    this.watermarkMs = watermarkMs;
    return this;
  }

  /** Of the metric of a reading. */
  positionOf(reading: number): number {
    return this.#positions[reading] ?? -1;
  }

  /** All readings into the window from `startMs` to `endMs`, exclusive, unless it has closed. */
  into(startMs: number, endMs: number): void {
    const closesMs = endMs + this.#rule.allowedLatenessMs;
    if (this.watermarkMs >= closesMs) return;
    const window = this.#windowAt(startMs);
    const isCorrection = this.watermarkMs >= endMs;
    this.#held.dueMs = Math.min(this.#held.dueMs, isCorrection ? closesMs : endMs);
    for (let i = 0; i < this.count; i += 1) {
      this.add(i, window);
      if (isCorrection) this.#correct(i, window);
    }
  }

  /** A new window, for one metric alone. */
  begin(startMs: number): OpenWindow {
    const { windows } = this.#held;
    let at = windows.length;
    while (at > 0 && (windows[at - 1]?.startMs ?? -Infinity) > startMs) at -= 1;
    return this.#insert(at, startMs);
  }

  add(reading: number, window: OpenWindow): void {
    const position = this.#positions[reading] ?? -1;
    const value = this.#values[reading] ?? NaN;
    const afterMs = this.atMs - window.startMs;
    addTo(window.rows, position, value, afterMs);
    if (window.more === null) return;
    const { statistics } = this.#rule;
    const more = (window.more[position] ??= statistics.map((statistic) => statistic.begin()));
    for (let i = 0; i < statistics.length; i += 1) statistics[i]?.add(more[i] ?? [], value, afterMs);
  }

  /** Moves all that a later window has of the reading's metric, which is all there is in it, and forgets that window. */
  merge(reading: number, into: OpenWindow, later: OpenWindow): void {
    const { windows } = this.#held;
    windows.splice(windows.indexOf(later), 1);
    const position = this.positionOf(reading);
    if (into.countOf(position) === 0 || later.countOf(position) === 0) return;
    const laterMs = later.startMs - into.startMs;
    putRow(into.rows, position, merged(rowAt(into.rows, position), rowAt(later.rows, position), laterMs));
    const [more, addedMore] = [into.more?.[position], later.more?.[position]];
    if (more == null || addedMore == null) return;
    for (const [i, statistic] of this.#rule.statistics.entries())
      statistic.merge(more[i] ?? [], addedMore[i] ?? [], laterMs);
  }

  /** Says where a window that a reading was added to ends now; one that was told already, or is behind the watermark, is corrected. */
  reach(reading: number, window: OpenWindow, endMs: number): void {
    const isPast = this.watermarkMs >= endMs;
    const dueMs = isPast ? endMs + this.#rule.allowedLatenessMs : endMs;
    this.#held.dueMs = Math.min(this.#held.dueMs, dueMs);
    const wasTold = window.revisionOf(this.positionOf(reading)) > 0;
    if (wasTold || isPast) this.#correct(reading, window);
  }

  /** Ends a window with this reading, whatever the time. */
  close(reading: number, window: OpenWindow): void {
    const position = this.positionOf(reading);
    window.revise(position);
    this.touched.push({ window, position, isClosed: true });
    const { windows } = this.#held;
    const floors = (this.#held.floors ??= this.#rule.metrics.map(() => -Infinity));
    floors[position] = window.startMs;
    windows.splice(windows.indexOf(window), 1);
  }

  /** Where the last window that `close` ended began; −Infinity before the first. */
  lastStartOf(position: number): number {
    return this.#held.floors?.[position] ?? -Infinity;
  }

  #correct(reading: number, window: OpenWindow): void {
    const position = this.positionOf(reading);
    window.revise(position);
    this.touched.push({ window, position, isClosed: false });
  }

  /** Nearly always the newest one. */
  #windowAt(startMs: number): OpenWindow {
    const { windows } = this.#held;
    let at = windows.length;
    while (at > 0) {
      const window = windows[at - 1];
      if (window === undefined || window.startMs < startMs) break;
      if (window.startMs === startMs) return window;
      at -= 1;
    }
    return this.#insert(at, startMs);
  }

  #insert(at: number, startMs: number): OpenWindow {
    const { metrics, statistics } = this.#rule;
    const made = new OpenWindow(
      startMs,
      this.#noRows.slice(),
      statistics.length === 0 ? null : metrics.map(() => null),
    );
    this.#held.windows.splice(at, 0, made);
    return made;
  }
}
