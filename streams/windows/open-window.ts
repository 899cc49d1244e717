import { column, type WindowRow } from './window-row.js';

/** A window that is being filled: by the position of the metric in its rule one row for each that was read in it. */
export class OpenWindow {
  /** As it was written last; null since it changed. */
  text: string | null = null;

  constructor(
    /** Epoch ms. */
    readonly startMs: number,
    readonly rows: (WindowRow | null)[],
    /** What further statistics remember, in the order of the rule; null when it asks for none. */
    readonly more: (number[][] | null)[] | null,
  ) {}

  /** Readings of a metric; 0 for none. */
  countOf(position: number): number {
    return this.rows[position]?.[column.count] ?? 0;
  }

  /** Of the newest reading of a metric, ms after the start; −Infinity for none. */
  lastAfterMs(position: number): number {
    return this.rows[position]?.[column.lastAfterMs] ?? -Infinity;
  }

  /** The same of all metrics; 0 for none. */
  get newestAfterMs(): number {
    let newestMs = 0;
    for (let i = 0; i < this.rows.length; i += 1) newestMs = Math.max(newestMs, this.lastAfterMs(i));
    return newestMs;
  }
}

/** What a rule remembers of a device. */
export class RuleWindows {
  /** In order of start; none without a row. */
  readonly windows: OpenWindow[] = [];
  /** The watermark at which the next of them ends or closes, epoch ms; a lower bound. */
  dueMs = Infinity;
  /** Of windows that readings close, by position of the metric: the start of the last one that closed; null before the first. */
  floors: number[] | null = null;
  /** Windows that begin before it lack what came before their rule was changed, epoch ms; −Infinity for none. */
  partialUntilMs = -Infinity;
}
