import type { Alert } from '../../streams/model/alert.js';
import { addTally, emptyTally, type Outcome, type Tally, tallyOf } from '../../streams/model/chunk.js';
import type { DeadLetter } from '../../streams/model/rejection.js';
import type { Offset } from '../../streams/model/units.js';
import type { ToldWindow } from '../../streams/model/window.js';

/** Everything that one settle has to put in its place: consecutive outcomes of one partition, reduced to what outlives them. */
export interface Step {
  readonly deadLetters: readonly DeadLetter[];
  /** Closed ones only; those still open lie in the state. */
  readonly windows: readonly ToldWindow[];
  /** Every transition, in order. */
  readonly alerts: readonly Alert[];
  readonly tally: Tally;
  readonly reasons: ReadonlyMap<string, number>;
  /** Records on which a rule had no answer, by rule. */
  readonly ruleFaults: ReadonlyMap<string, number>;
  readonly chunkSeconds: readonly number[];
  /** Kafka timestamp of the newest record that counted, epoch ms; null when none did. */
  readonly newestTimestampMs: number | null;
  readonly next: Offset;
}

/**
 * Outcomes between two settles of one partition. Keeps no telemetry and no fetch buffer: dead letters are copied out of theirs.
 * Memory: dead letters, closed windows and alert transitions since the last settle.
 */
export class Gathered {
  #deadLetters: DeadLetter[] = [];
  #windows: ToldWindow[] = [];
  #alerts: Alert[] = [];
  #tally = emptyTally;
  #reasons = new Map<string, number>();
  #ruleFaults = new Map<string, number>();
  #chunkSeconds: number[] = [];
  #newestTimestampMs: number | null = null;
  #next: Offset | null = null;
  #taken = 0;

  /** How often it was taken. */
  get taken(): number {
    return this.#taken;
  }

  add(outcome: Outcome, seconds: number): void {
    for (const { origin, rejection } of outcome.rejected) {
      this.#deadLetters.push({ origin: origin.copy(), rejection });
      count(this.#reasons, rejection._tag);
      if (rejection._tag === 'faulted' && rejection.rule !== undefined) count(this.#ruleFaults, rejection.rule);
    }
    for (const { value } of outcome.records) {
      if (value.unanswered !== null) for (const rule of value.unanswered) count(this.#ruleFaults, rule);
    }
    for (const { skip } of outcome.skipped) count(this.#reasons, skip._tag);
    for (const window of outcome.windows) if (window.isClosed) this.#windows.push(window);
    this.#alerts.push(...outcome.alerts);
    this.#tally = addTally(this.#tally, tallyOf(outcome));
    this.#chunkSeconds.push(seconds);
    const newest = outcome.records.at(-1);
    if (newest !== undefined) this.#newestTimestampMs = newest.origin.timestampMs;
    this.#next = outcome.next;
  }

  /** What gathered so far, which is then forgotten here; null when nothing did. */
  take(): Step | null {
    if (this.#next === null) return null;
    const step: Step = {
      deadLetters: this.#deadLetters,
      windows: this.#windows,
      alerts: this.#alerts,
      tally: this.#tally,
      reasons: this.#reasons,
      ruleFaults: this.#ruleFaults,
      chunkSeconds: this.#chunkSeconds,
      newestTimestampMs: this.#newestTimestampMs,
      next: this.#next,
    };
    this.#deadLetters = [];
    this.#windows = [];
    this.#alerts = [];
    this.#tally = emptyTally;
    this.#reasons = new Map();
    this.#ruleFaults = new Map();
    this.#chunkSeconds = [];
    this.#newestTimestampMs = null;
    this.#next = null;
    this.#taken += 1;
    return step;
  }
}

const count = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};

/** Of several versions of one alert only the newest is stored. */
export const newestVersions = (alerts: readonly Alert[]): readonly Alert[] => [
  ...new Map(alerts.map((alert) => [alert.id, alert])).values(),
];
