import type { Alert } from '../model/alert.js';
import type { Chunk, ClockAdvance, Skipped, Sourced } from '../model/chunk.js';
import type { Finding } from '../model/finding.js';
import type { RawRecord } from '../model/raw-record.js';
import type { DeadLetter, Rejection, Skip } from '../model/rejection.js';
import type { ToldWindow } from '../model/window.js';
import { Track } from './track.js';

/**
 * A chunk in the making: what an operator lets through, turns away and adds. The records of the chunk it comes from are shared until one
 * does not come through as it is: most operators let all of them through.
 */
export class Draft<B> {
  /** Grows with each `confirm`. */
  #turn = 0;
  readonly #given: readonly Sourced<B>[];
  /** So many of the first records have come through as they are; told by them alone as long as `#records` is null. */
  #shared = 0;
  #records: Sourced<B>[] | null = null;
  readonly #rejected: Track<DeadLetter>;
  readonly #skipped: Track<Skipped>;
  readonly #advances: Track<ClockAdvance>;
  readonly #windows: Track<ToldWindow>;
  readonly #findings: Track<Finding>;
  readonly #alerts: Track<Alert>;

  constructor(readonly from: Chunk<unknown>) {
    // Whichever comes through as it is was given to `keep` as a record of `B`.
    this.#given = from.records as readonly Sourced<B>[];
    this.#rejected = new Track(from.rejected);
    this.#skipped = new Track(from.skipped);
    this.#advances = new Track(from.advances);
    this.#windows = new Track(from.windows);
    this.#findings = new Track(from.findings);
    this.#alerts = new Track(from.alerts);
  }

  /** What was added so far stays, whatever becomes of the record under way. */
  confirm(): void {
    this.#turn += 1;
  }

  keep(record: Sourced<B>): void {
    if (this.#records !== null) this.#records.push(record);
    else if (this.#given[this.#shared] === record) this.#shared += 1;
    else this.#records = [...shared(this.#given, this.#shared), record];
  }

  /** A fault leaves as a dead letter, a skip is only counted. */
  turnAway(origin: RawRecord, why: Rejection | Skip): void {
    if (isSkip(why)) this.#skipped.add({ origin, skip: why }, this.#turn);
    else this.#rejected.add({ origin, rejection: why }, this.#turn);
  }

  /** Turns a record away as a fault, and takes back whatever was said or added since the last `confirm`: no record leaves twice, or half. */
  fault(origin: RawRecord, stage: string, message: string, rule: string | null = null): void {
    this.#records ??= [...shared(this.#given, this.#shared)];
    while (this.#records.at(-1)?.origin === origin) this.#records.pop();
    for (const track of [this.#rejected, this.#skipped, this.#advances, this.#windows, this.#findings, this.#alerts]) {
      track.takeBack(this.#turn);
    }
    this.turnAway(origin, { _tag: 'faulted', stage, message, ...(rule !== null && { rule }) });
  }

  addAdvance(advance: ClockAdvance): void {
    this.#advances.add(advance, this.#turn);
  }

  addWindow(window: ToldWindow): void {
    this.#windows.add(window, this.#turn);
  }

  addFinding(finding: Finding): void {
    this.#findings.add(finding, this.#turn);
  }

  addAlert(alert: Alert): void {
    this.#alerts.add(alert, this.#turn);
  }

  finish(): Chunk<B> {
    const { source, read, next } = this.from;
    return {
      source,
      records: this.#records ?? shared(this.#given, this.#shared),
      rejected: this.#rejected.items,
      skipped: this.#skipped.items,
      advances: this.#advances.items,
      windows: this.#windows.items,
      findings: this.#findings.items,
      alerts: this.#alerts.items,
      read,
      next,
    };
  }
}

/** The first of the records; the list itself when that is all of them. */
const shared = <A>(records: readonly A[], count: number): readonly A[] =>
  count === records.length ? records : records.slice(0, count);

const isSkip = (why: Rejection | Skip): why is Skip =>
  why._tag === 'duplicate' || why._tag === 'tombstone' || why._tag === 'not_telemetry';
