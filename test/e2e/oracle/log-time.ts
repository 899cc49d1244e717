import { rules } from './rules.js';

const tickMs = Math.max(1_000, rules.windowMs / 10);

/** Log time: the greatest Kafka timestamp counted; a jump ahead is believed only after many records in a row agree on it. */
export class LogTime {
  timeMs = -Infinity;
  /** Timestamps of the records in a row that lie too far ahead. */
  ahead: number[] = [];

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
    const tick = Math.floor(this.timeMs / tickMs);
    return tick > Math.floor(beforeMs / tickMs) ? tick * tickMs : null;
  }
}
