import type { Alert } from './alert.js';
import type { RawRecord } from './raw-record.js';
import type { DeadLetter, Skip } from './rejection.js';
import type { Telemetry } from './telemetry.js';
import type { Offset, TopicPartition } from './units.js';
import type { WindowResult } from './window.js';

/** A value and the record it came from. */
export interface Sourced<A> {
  readonly value: A;
  readonly origin: RawRecord;
}

/** A record that left the path without being a fault. */
export interface Skipped {
  readonly origin: RawRecord;
  readonly skip: Skip;
}

/**
 * Consecutive records of one partition: one Rx notification. Both tracks travel together, so that one checkpoint covers both
 * and nothing needs a side channel.
 */
export interface Chunk<A> {
  readonly source: TopicPartition;
  /** Records still on the main path, in offset order. */
  readonly records: readonly Sourced<A>[];
  /** Records that left as faults, in the order they left. */
  readonly rejected: readonly DeadLetter[];
  readonly skipped: readonly Skipped[];
  /** Windows that ended, were corrected or closed in this chunk, in order. */
  readonly windows: readonly WindowResult[];
  /** Alert transitions of this chunk, in order. */
  readonly alerts: readonly Alert[];
  /** How many records were read for this chunk, whatever became of them. */
  readonly read: number;
  /** Where to resume once everything in this chunk is settled. */
  readonly next: Offset;
}

/** The chunk a source emits: nothing has left it yet. */
export const chunkOf = (source: TopicPartition, records: readonly RawRecord[], next: Offset): Chunk<RawRecord> => ({
  source,
  records: records.map((record) => ({ value: record, origin: record })),
  rejected: [],
  skipped: [],
  windows: [],
  alerts: [],
  read: records.length,
  next,
});

/** What the pipeline makes of a chunk. */
export type Outcome = Chunk<Telemetry>;

/** read = counted + duplicate + late + dead + skipped. */
export interface Tally {
  readonly read: number;
  readonly counted: number;
  readonly duplicate: number;
  readonly late: number;
  readonly dead: number;
  readonly skipped: number;
}
