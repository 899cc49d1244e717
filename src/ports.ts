import type { Observable } from 'rxjs';
import type { Alert, AlertState } from '../streams/model/alert.js';
import type { Chunk, Tally } from '../streams/model/chunk.js';
import type { Profile } from '../streams/model/device.js';
import type { RawRecord } from '../streams/model/raw-record.js';
import type { DeadLetter } from '../streams/model/rejection.js';
import type { Quality } from '../streams/model/telemetry.js';
import type { Offset, TopicPartition } from '../streams/model/units.js';
import type { ToldWindow, WindowResult } from '../streams/model/window.js';
import type { StateSnapshot, StoredState } from '../streams/state/partition-state.js';
import type { Care } from './care/care.js';

/**
 * The four ports (source, store, push, dead letters) and the reading side of the store. The source, and the store with its reader,
 * have a conformance suite each under `test/conformance/` that every implementation passes; push and dead letters have none.
 */

// ── source ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface PartitionSource {
  /**
   * One value per partition and assignment. Completes after `drain`; errors with a `ServiceError` when the source has given up
   * for good (everything bounded has been retried).
   */
  readonly partitions$: Observable<Partition>;
  /** Connects and joins. Errors: rejects with `ServiceError` when it can't be reached or is misconfigured. */
  start(): Promise<void>;
  /** Reads nothing more: completes every `read` and then `partitions$`. Membership is kept, so that what is in flight can be settled. */
  drain(): void;
  /** Leaves the group and disconnects. */
  close(): Promise<void>;
  /** As known without asking anybody. */
  status(): SourceStatus;
}

export interface Partition {
  readonly source: TopicPartition;
  /** Counts the assignments of this source; greater is newer. */
  readonly session: number;
  /** False once it was taken away; it never becomes true again. */
  readonly isAssigned: boolean;
  /** False, too, once the source drains: nothing more can be read of it. */
  readonly isReadable: boolean;
  /** So much of it is unsettled that it will have to wait soon, unless that is settled. */
  readonly isLaden: boolean;
  /**
   * Reads from an offset on (null: nothing was ever settled, so `auto_offset_reset` decides). Cold: subscription seeks and resumes,
   * unsubscription pauses. One subscription at a time; subscribing again re-reads, e.g. after the store rolled back.
   * Chunks come synchronously one after the other, contiguous: each `next` is where the following chunk begins.
   * Completes when the partition is taken away or the source drains; never errors.
   */
  read(from: Offset | null): Observable<Chunk<RawRecord>>;
  /** Everything before `next` is settled: the bytes held for it are free again, and the lazy commit for lag tools may move. */
  settled(next: Offset): void;
  /** Stops fetching until `resume`, e.g. while the store refuses to write. What was fetched already may still come. */
  pause(why: PauseReason): void;
  resume(): void;
}

export type PauseReason = 'store_refused' | 'settle_overdue';

export type PartitionPhase = 'acquiring' | 'reading' | 'paused' | 'halted';

export interface PartitionStatus {
  readonly source: TopicPartition;
  readonly phase: PartitionPhase;
  /** Why it is paused or halted, in words; null otherwise. */
  readonly reason: string | null;
  /** Where the next chunk will begin; null before the first read. */
  readonly next: Offset | null;
  readonly settled: Offset | null;
  /** End of the log as last seen; null when unknown. */
  readonly highWatermark: Offset | null;
  /** Kafka timestamp of the last record handed out, epoch ms; null before the first. */
  readonly lastTimestampMs: number | null;
  readonly unsettledBytes: number;
}

export interface SourceStatus {
  readonly isReady: boolean;
  /** What is the matter, or what it is doing: `joined: 3 partitions`. */
  readonly detail: string;
  readonly partitions: readonly PartitionStatus[];
}

// ── store ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface StateStore {
  /** Errors: rejects with `ServiceError` when it can't be reached or can't be trusted. */
  open(): Promise<void>;
  /**
   * Makes this process the only writer of a partition: epoch + 1, then reads offset and state. With `held` (what this process last
   * knew) the state itself is left out when nobody else has written since. Retries what is worth retrying.
   */
  acquire(source: TopicPartition, held: Held | null): Promise<Acquired>;
  /**
   * Writes state, results and next offset in one step, or nothing. A lost reply is retried identically inside, until the outcome
   * is known.
   */
  commit(checkpoint: Checkpoint): Promise<CommitResult>;
  health(): Promise<Health>;
  close(): Promise<void>;
}

export interface Held {
  readonly epoch: number;
  readonly next: Offset | null;
}

export interface Acquired {
  readonly epoch: number;
  /** Null: nothing was ever settled. */
  readonly next: Offset | null;
  /** Null: what `held` described is still true. */
  readonly state: StoredState | null;
}

export interface Checkpoint {
  readonly source: TopicPartition;
  readonly epoch: number;
  /** The next offset the store must hold now. */
  readonly expected: Offset | null;
  /** … and afterwards. */
  readonly next: Offset;
  readonly state: StateSnapshot;
  /** Windows that closed. Absolute values: writing one twice changes nothing. */
  readonly windows: readonly ToldWindow[];
  /** Alerts in their newest version. */
  readonly alerts: readonly Alert[];
}

export type CommitResult =
  | { readonly _tag: 'applied' }
  /** Another process has acquired the partition since. Stop. */
  | { readonly _tag: 'fenced' }
  /** The store went back in time (it lost writes). Drop memory, acquire, read again. */
  | { readonly _tag: 'rolled_back'; readonly found: Offset | null }
  /** Nothing was written: no memory, read-only replica, wrong type of key. Worth trying again after somebody has looked. */
  | { readonly _tag: 'refused'; readonly message: string };

export interface Health {
  readonly isReady: boolean;
  readonly detail: string;
}

// ── results, for people ─────────────────────────────────────────────────────────────────────────────────────────────────────

export interface ResultReader {
  /** In order of id. */
  devices(query: { readonly limit: number; readonly after?: string }): Promise<readonly DeviceView[]>;
  device(id: string): Promise<DeviceView | null>;
  /** Open and closed windows, by rule, metric and start, newest last; at most `limit`, the newest. Bounds by window start, [fromMs, toMs). */
  windows(device: string, query: WindowQuery): Promise<readonly WindowResult[]>;
  /** Newest first. */
  alerts(query: AlertQuery): Promise<readonly AlertView[]>;
  /** What became of every record ever settled, per topic. */
  totals(): Promise<Readonly<Record<string, Tally>>>;
}

/** An alert, and what people did to it. */
export type AlertView = Alert & { readonly care: Care };

export interface AlertQuery {
  /** `open`: whatever has not cleared. */
  readonly state?: AlertState | 'open';
  readonly limit: number;
}

export interface WindowQuery {
  readonly rule?: string;
  readonly metric?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly limit: number;
}

/** A device as people see it; merged over the partitions its records lie in. Times are event times, epoch ms. */
export interface DeviceView {
  readonly id: string;
  /** Newest event time folded. */
  readonly eventTimeMs: number;
  readonly quality: Quality;
  readonly readings: Readonly<Record<string, { readonly value: number; readonly atMs: number }>>;
  /** Ids of checks that a newest reading broke, by metric name; under `*` those that the newest record broke as a whole. */
  readonly flags: Readonly<Record<string, readonly string[]>>;
  readonly profile: Profile;
  /** Of each partition it was seen in, `<topic>-<partition>`: offset of the last record folded. */
  readonly versions: Readonly<Record<string, number>>;
}

// ── push ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a view will be made of, once it is needed: between two frames many devices change more than once, and more change than a frame takes. */
export interface LateView {
  readonly id: string;
  /** The partition that knows the device so. */
  readonly source: TopicPartition;
  /** Of the last record folded: what one source says later holds. */
  readonly offset: number;
  view(): DeviceView;
}

export interface PushPort {
  /** Whether anybody listens; nobody should build device views for nobody. */
  readonly isListened: boolean;
  readonly clients: number;
  /** Newest state of changed devices, settled; coalesced into frames. Never blocks, never throws. */
  devices(changed: readonly (DeviceView | LateView)[]): void;
  /** Alert transitions, settled; and alerts with care, after people did something. Sent at once, in order. Never blocks, never throws. */
  alerts(changed: readonly (Alert | AlertView)[]): void;
  close(): Promise<void>;
}

// ── dead letters ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface DeadLetterSink {
  open(): Promise<void>;
  /** Resolves when every letter is kept. Retried inside, bounded. Errors: rejects with `ServiceError` `dead_letters_refused`. */
  write(source: TopicPartition, letters: readonly DeadLetter[]): Promise<void>;
  health(): Promise<Health>;
  close(): Promise<void>;
}

// ── alerts, beside the store ────────────────────────────────────────────────────────────────────────────────────────────────

/** Where every transition of an alert goes before it is settled; at least once, with the same id and version each time. */
export interface AlertTopic {
  open(): Promise<void>;
  /** Resolves when all of them are kept. Retried inside, bounded. Errors: rejects with `ServiceError`. */
  write(source: TopicPartition, alerts: readonly Alert[]): Promise<void>;
  close(): Promise<void>;
}

// ── measuring ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Told once per settled step, never per record. */
export interface Meter {
  settled(step: SettledStep): void;
}

export interface SettledStep {
  readonly source: TopicPartition;
  /** Of this step alone. read = counted + duplicate + late + dead + skipped. */
  readonly tally: Tally;
  /** How many left for which reason: rejection tags and skip tags. */
  readonly reasons: ReadonlyMap<string, number>;
  /** Records on which a rule had no answer, by rule. */
  readonly ruleFaults: ReadonlyMap<string, number>;
  /** Time spent in the pipeline, per chunk, seconds. */
  readonly chunkSeconds: readonly number[];
  readonly commitSeconds: number;
  /** From the Kafka timestamp of the newest record that counted until its results were pushed, seconds; null when none counted. */
  readonly eventToPushSeconds: number | null;
}

// ── what the ports say about themselves ─────────────────────────────────────────────────────────────────────────────────────

/** Of a look at something outside that changes nothing: one line per thing looked at. */
export interface Finding {
  readonly what: string;
  readonly verdict: 'ok' | 'warning' | 'fault';
  /** What was found and, unless ok, what to do next. */
  readonly detail: string;
}
