import type { Alert } from '../model/alert.js';
import type { Chunk, ClockAdvance, Skipped, Sourced } from '../model/chunk.js';
import type { RawRecord } from '../model/raw-record.js';
import type { DeadLetter, Rejection, Skip } from '../model/rejection.js';
import type { WindowResult } from '../model/window.js';

/**
 * A chunk in the making: what an operator lets through, turns away and adds. The lists of the chunk it comes from are shared until
 * something is added to them, or a record does not come through as it is: most operators let all of them through.
 */
export class Draft<B> {
  /** So many of the first records have come through as they are; told by them alone as long as `#records` is null. */
  #shared = 0;
  #records: Sourced<B>[] | null = null;
  #rejected: DeadLetter[] | null = null;
  #skipped: Skipped[] | null = null;
  #advances: ClockAdvance[] | null = null;
  #windows: WindowResult[] | null = null;
  #alerts: Alert[] | null = null;

  constructor(readonly from: Chunk<unknown>) {}

  keep(record: Sourced<B>): void {
    if (this.#records === null && this.from.records[this.#shared] === record) this.#shared += 1;
    else this.#ownRecords().push(record);
  }

  /** A fault leaves as a dead letter, a skip is only counted. */
  turnAway(origin: RawRecord, why: Rejection | Skip): void {
    if (isSkip(why)) (this.#skipped ??= [...this.from.skipped]).push({ origin, skip: why });
    else (this.#rejected ??= [...this.from.rejected]).push({ origin, rejection: why });
  }

  /** Turns a record away as a fault, whatever had been said of it before: no record leaves twice. */
  fault(origin: RawRecord, stage: string, message: string): void {
    for (const list of [this.#ownRecords(), this.#rejected, this.#skipped]) {
      while (list !== null && list.at(-1)?.origin === origin) list.pop();
    }
    this.turnAway(origin, { _tag: 'faulted', stage, message });
  }

  addAdvance(advance: ClockAdvance): void {
    (this.#advances ??= [...this.from.advances]).push(advance);
  }

  addWindow(window: WindowResult): void {
    (this.#windows ??= [...this.from.windows]).push(window);
  }

  addAlert(alert: Alert): void {
    (this.#alerts ??= [...this.from.alerts]).push(alert);
  }

  /** What came through as it is was given to `keep` as a record of `B`. */
  #sharedRecords(): readonly Sourced<B>[] {
    return this.from.records as readonly Sourced<B>[];
  }

  #ownRecords(): Sourced<B>[] {
    return (this.#records ??= this.#sharedRecords().slice(0, this.#shared));
  }

  finish(): Chunk<B> {
    const { source, rejected, skipped, advances, windows, alerts, read, next } = this.from;
    return {
      source,
      records:
        this.#records ?? (this.#shared === this.from.records.length ? this.#sharedRecords() : this.#ownRecords()),
      rejected: this.#rejected ?? rejected,
      skipped: this.#skipped ?? skipped,
      advances: this.#advances ?? advances,
      windows: this.#windows ?? windows,
      alerts: this.#alerts ?? alerts,
      read,
      next,
    };
  }
}

const isSkip = (why: Rejection | Skip): why is Skip =>
  why._tag === 'duplicate' || why._tag === 'tombstone' || why._tag === 'not_telemetry';
