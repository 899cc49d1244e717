import { rules, type WindowRule } from './rules.js';
import { paceOf } from './windows.js';

/** Log time: the greatest Kafka timestamp counted; a jump ahead is believed only after many records in a row agree on it. */
export class LogTime {
  timeMs = -Infinity;
  /** Timestamps of the records in a row that lie too far ahead. */
  ahead: number[] = [];

  #tickMs = NaN;

  constructor(windows: readonly WindowRule[]) {
    this.goBy(windows);
  }

  /** From now on by other windows. */
  goBy(windows: readonly WindowRule[]): void {
    const shortestMs = Math.min(600_000, ...windows.map(paceOf));
    this.#tickMs = Math.max(1_000, shortestMs / 10);
  }

  /** The tick that was crossed, or null. */
  advance(timestampMs: number): number | null {
    const beforeMs = this.timeMs;
    if (beforeMs === -Infinity) this.timeMs = timestampMs;
    else if (timestampMs <= beforeMs + rules.maxAheadMs) {
      this.ahead = [];
      this.timeMs = Math.max(beforeMs, timestampMs);
    } else {
      this.ahead.push(timestampMs);
      if (this.ahead.length === rules.jumpRecords) {
        this.timeMs = Math.min(...this.ahead);
        this.ahead = [];
      }
    }
    const tick = Math.floor(this.timeMs / this.#tickMs);
    return tick > Math.floor(beforeMs / this.#tickMs) ? tick * this.#tickMs : null;
  }
}
