import { column, rowLength } from './window-row.js';

/** A window that is being filled: by the position of the metric in its rule one row for each that was read in it. */
export class OpenWindow {
  constructor(
    /** Epoch ms. */
    readonly startMs: number,
    /** One for each metric of the rule, see `WindowRow`; a metric that was not read in it counts 0. */
    readonly rows: number[],
    /** What further statistics remember, in the order of the rule; null when it asks for none. */
    readonly more: (number[][] | null)[] | null,
  ) {}

  /** Readings of a metric; 0 for none. */
  countOf(position: number): number {
    return this.rows[position * rowLength + column.count] ?? 0;
  }

  /** Of the newest reading of a metric, ms after the start; −Infinity for none. */
  lastAfterMs(position: number): number {
    return this.rows[position * rowLength + column.lastAfterMs] ?? -Infinity;
  }

  /** How often a metric was told; 0 for not yet. */
  revisionOf(position: number): number {
    return this.rows[position * rowLength + column.revision] ?? 0;
  }

  /** Says that a metric is told once more. */
  revise(position: number): void {
    this.rows[position * rowLength + column.revision] = this.revisionOf(position) + 1;
  }

  /** The newest reading of all metrics, ms after the start; 0 for none. */
  get newestAfterMs(): number {
    let newestMs = 0;
    for (let i = 0; i * rowLength < this.rows.length; i += 1) newestMs = Math.max(newestMs, this.lastAfterMs(i));
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
