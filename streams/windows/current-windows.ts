import type { WindowRule } from '../rules/rules.js';
import type { RuleWindows } from './open-window.js';
import { addTo } from './window-row.js';

/**
 * By device the newest open window of one rule, where nearly every reading belongs: it is found without going through all that is remembered of the
 * device, which has mostly left the cache by then. Of rules whose windows follow each other and hold nothing but rows.
 *
 * Remembers nothing that a result depends on: whoever changes what `RuleWindows` holds says so by `hold`.
 */
export class CurrentWindows {
  readonly #lengthMs: number;
  /** By index of the device; NaN where there is none at hand. */
  readonly #startMs: number[] = [];
  readonly #rows: (number[] | null)[] = [];

  constructor(readonly rule: WindowRule) {
    const { lengthMs, overlap } = rule.span;
    const isFit = lengthMs !== null && overlap === 1 && rule.statistics.length === 0;
    this.#lengthMs = isFit ? lengthMs : NaN;
  }

  /** Folds readings into the window at hand. False when they belong into another one. Nothing may be due of the device. */
  take(device: number, atMs: number, readings: readonly number[]): boolean {
    const afterMs = atMs - (this.#startMs[device] ?? NaN);
    const rows = this.#rows[device];
    if (!(afterMs >= 0 && afterMs < this.#lengthMs) || rows == null) return false;
    const { metrics } = this.rule;
    for (let position = 0; position < metrics.length; position += 1) {
      const value = readings[metrics[position] ?? -1] ?? NaN;
      if (!Number.isNaN(value)) addTo(rows, position, value, afterMs);
    }
    return true;
  }

  /** Says what is held of a device now. */
  hold(device: number, { windows, dueMs }: RuleWindows): void {
    for (let i = this.#rows.length; i <= device; i += 1) {
      this.#rows.push(null);
      this.#startMs.push(NaN);
    }
    const newest = windows[windows.length - 1];
    // One that has ended is corrected by what comes, and each correction is told.
    const isOpen = newest !== undefined && dueMs <= newest.startMs + this.#lengthMs;
    this.#startMs[device] = isOpen ? newest.startMs : NaN;
    this.#rows[device] = isOpen ? newest.rows : null;
  }
}
