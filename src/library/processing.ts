import { Subject } from 'rxjs';
import type { Alert } from '../../streams/model/alert.js';
import { addTally, chunkOf, emptyTally, type Outcome, type Tally, tallyOf } from '../../streams/model/chunk.js';
import type { Device, Profile } from '../../streams/model/device.js';
import { RawRecord } from '../../streams/model/raw-record.js';
import type { Rejection, Skip } from '../../streams/model/rejection.js';
import type { PipelineSettings } from '../../streams/rules/settings.js';
import type { Quality, Telemetry, WireFormat } from '../../streams/model/telemetry.js';
import { asOffset, type Offset, type TopicPartition } from '../../streams/model/units.js';
import type { WindowResult } from '../../streams/model/window.js';
import { devicePipeline, type OwnOperator } from '../../streams/pipeline.js';
import { type Latest, latestMemory } from '../../streams/state/latest-memory.js';
import { PartitionState } from '../../streams/state/partition-state.js';
import type { DeviceView } from '../ports.js';
import { deviceViewOf } from '../results/device-view.js';

/** What became of one record, and which windows and alerts came of it. */
export type ProcessedData = {
  /** Windows that ended, were corrected or closed. */
  readonly windows: readonly WindowResult[];
  /** Alerts raised or cleared. */
  readonly alerts: readonly Alert[];
} & (
  | { readonly _tag: 'processed'; readonly data: Reading }
  | { readonly _tag: 'rejected'; readonly rejection: Rejection }
  | { readonly _tag: 'skipped'; readonly skip: Skip }
);

/** A record's telemetry in canonical units. */
export interface Reading {
  readonly device: string;
  /** Epoch ms. */
  readonly eventTimeMs: number;
  /** By metric name; absent ones are left out. */
  readonly readings: Readonly<Record<string, number>>;
  readonly quality: Quality;
  readonly profile: Profile;
  readonly messageId: string | null;
  readonly format: WireFormat;
}

/** Snapshots let go of devices that were seen and never counted. */
const recordsPerSnapshot = 1_024;

/** The pipeline of one partition, called like a function: a record in, what became of it out, at once. */
export class Processing {
  readonly #state: PartitionState;
  readonly #latestOf: (device: Device) => Latest;
  readonly #outcomes: Outcome[] = [];
  /** The way from calls to a stream; nothing but `process` feeds it. */
  readonly #chunks$ = new Subject<ReturnType<typeof chunkOf>>();
  #next: Offset = asOffset(0);
  #tally: Tally = emptyTally;
  #fault: { readonly error: unknown } | null = null;
  readonly #reasons = new Map<string, number>();

  constructor(
    readonly source: TopicPartition,
    readonly settings: PipelineSettings,
    own: OwnOperator | undefined,
  ) {
    this.#state = PartitionState.empty(source);
    this.#latestOf = this.#state.ofDevice(latestMemory(settings.metrics));
    this.#chunks$.pipe(devicePipeline(settings, this.#state, own)).subscribe({
      next: (outcome) => this.#outcomes.push(outcome),
      error: (error: unknown) => (this.#fault = { error }),
    });
  }

  /** Offset of the next record: one more than that of the last. */
  get next(): Offset {
    return this.#next;
  }

  get tally(): Tally {
    return this.#tally;
  }

  /** How many left for which reason. */
  get reasons(): ReadonlyMap<string, number> {
    return this.#reasons;
  }

  /** Errors: throws what the user's operator broke the stream with, or when it kept the record back. */
  process(record: RawRecord): ProcessedData {
    this.#next = asOffset(record.offset + 1);
    this.#chunks$.next(chunkOf(this.source, [record], this.#next));
    const outcome = this.#outcomes.pop();
    if (outcome === undefined) throw this.#silence();
    return this.#told(outcome);
  }

  /** As it is after everything processed so far; null as long as nothing of it has counted. */
  device(id: string): DeviceView | null {
    return deviceViewOf(id, this.source, this.#latestOf(this.#state.device(id)), this.settings.metrics);
  }

  #told(outcome: Outcome): ProcessedData {
    const { windows, alerts } = outcome;
    const [record] = outcome.records;
    const [rejected] = outcome.rejected;
    const [skipped] = outcome.skipped;
    this.#tally = addTally(this.#tally, tallyOf(outcome));
    if (this.#tally.read % recordsPerSnapshot === 0) this.#state.snapshot();
    if (rejected !== undefined) {
      this.#count(rejected.rejection._tag);
      return { _tag: 'rejected', rejection: rejected.rejection, windows, alerts };
    }
    if (skipped !== undefined) {
      this.#count(skipped.skip._tag);
      return { _tag: 'skipped', skip: skipped.skip, windows, alerts };
    }
    if (record === undefined)
      throw new Error('an operator of your own let a record disappear: reject it, or let it pass');
    return { _tag: 'processed', data: this.#reading(record.value), windows, alerts };
  }

  /** Why a chunk was not answered. */
  #silence(): Error {
    return this.#fault === null
      ? new Error('an operator of your own kept a chunk back; here it must answer at once')
      : new Error('the pipeline has ended with an error', { cause: this.#fault.error });
  }

  #count(reason: string): void {
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
  }

  #reading({ device, eventTimeMs, readings, quality, profile, messageId, format }: Telemetry): Reading {
    const named: Record<string, number> = {};
    for (const [i, { name }] of this.settings.metrics.entries()) {
      const value = readings[i] ?? NaN;
      if (!Number.isNaN(value)) named[name] = value;
    }
    return { device: device.id, eventTimeMs, readings: named, quality, profile, messageId, format };
  }
}
