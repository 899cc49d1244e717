import type { Alert } from './alert.js';
import type { Device } from './device.js';
import type { Finding } from './finding.js';
import type { RawRecord } from './raw-record.js';
import type { DeadLetter, Skip } from './rejection.js';
import type { Telemetry } from './telemetry.js';
import type { Offset, TopicPartition } from './units.js';
import type { ToldWindow } from './window.js';

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

/** A quiet device whose watermark was moved on by the partition's log time. */
export interface ClockAdvance {
  readonly device: Device;
  readonly watermarkMs: number;
  /** Takes effect just before the record at this offset. */
  readonly before: Offset;
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
  /** In order of offset; on the chunk and not on records, so that none is lost with a record that leaves. */
  readonly advances: readonly ClockAdvance[];
  /** Windows that ended, were corrected or closed in this chunk, in order. */
  readonly windows: readonly ToldWindow[];
  /** What detectors said in this chunk, in order. */
  readonly findings: readonly Finding[];
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
  advances: [],
  windows: [],
  findings: [],
  alerts: [],
  read: records.length,
  next,
});

/** What the pipeline makes of a chunk. */
export type Outcome = Chunk<Telemetry>;

/** What became of records; read = counted + duplicate + late + dead + skipped. */
export interface Tally {
  readonly read: number;
  readonly counted: number;
  readonly duplicate: number;
  readonly late: number;
  /** Dead letters other than late ones. */
  readonly dead: number;
  /** Tombstones and records that carry no telemetry. */
  readonly skipped: number;
}

export const emptyTally: Tally = { read: 0, counted: 0, duplicate: 0, late: 0, dead: 0, skipped: 0 };

export const addTally = (a: Tally, b: Tally): Tally => ({
  read: a.read + b.read,
  counted: a.counted + b.counted,
  duplicate: a.duplicate + b.duplicate,
  late: a.late + b.late,
  dead: a.dead + b.dead,
  skipped: a.skipped + b.skipped,
});

/** Of a chunk that has come to the end of the pipeline: what is still on the main path has counted. */
export const tallyOf = (chunk: Chunk<unknown>): Tally => {
  let late = 0;
  for (const { rejection } of chunk.rejected) if (rejection._tag === 'late') late += 1;
  let duplicate = 0;
  for (const { skip } of chunk.skipped) if (skip._tag === 'duplicate') duplicate += 1;
  return {
    read: chunk.read,
    counted: chunk.records.length,
    duplicate,
    late,
    dead: chunk.rejected.length - late,
    skipped: chunk.skipped.length - duplicate,
  };
};
