import * as t from 'io-ts';
import { type Memory, memory } from './partition-state.js';

/** So many records in a row must agree before log time jumps ahead with them. */
const recordsToBelieve = 16;

/**
 * A partition's log time: the greatest Kafka timestamp of its admitted records, epoch ms, −Infinity before the first. One record far
 * ahead does not move it; once 16 in a row are, it moves to the least of them.
 */
export class LogTime {
  constructor(
    public timeMs: number,
    readonly ahead: number[],
  ) {}

  /** Sees the next record's timestamp. A step of more than `maxAheadMs` is a jump. */
  see(timestampMs: number, maxAheadMs: number): void {
    if (this.timeMs === -Infinity) {
      this.timeMs = timestampMs;
    } else if (timestampMs <= this.timeMs + maxAheadMs) {
      // To set a length, even the same one, takes longer than all the rest here.
      if (this.ahead.length > 0) this.ahead.length = 0;
      if (timestampMs > this.timeMs) this.timeMs = timestampMs;
    } else if (this.ahead.push(timestampMs) >= recordsToBelieve) {
      this.timeMs = Math.min(...this.ahead);
      this.ahead.length = 0;
    }
  }
}

const StoredLogTime = t.type({ timeMs: t.union([t.number, t.null]), ahead: t.array(t.number) });

/** `name`: each operator that follows log time by the records that reach it has its own. */
export const logTimeMemoryOf = (name: string): Memory<LogTime> =>
  memory<LogTime, t.TypeOf<typeof StoredLogTime>>({
    name,
    create: () => new LogTime(-Infinity, []),
    stored: StoredLogTime,
    store: ({ timeMs, ahead }) => ({ timeMs: Number.isFinite(timeMs) ? timeMs : null, ahead: [...ahead] }),
    restore: ({ timeMs, ahead }) => new LogTime(timeMs ?? -Infinity, [...ahead]),
  });

export const logTimeMemory = logTimeMemoryOf('logTime');
