import type { Device, Profile } from './device.js';

/** The shape a record came in. */
export type WireFormat = 'nested' | 'flat' | 'envelope';

/** How far the device itself vouches for its readings: from its own and its sensors' status words. */
export type Quality = 'good' | 'uncertain' | 'bad';

/** A claim of the rules that a record broke. Travels with it. */
export interface Flag {
  readonly rule: string;
  /** Metric index; −1 for the record as a whole. */
  readonly metric: number;
  /** Whether the reading counts in windows, detectors and alerts all the same. */
  readonly isCounted: boolean;
}

/** Whether a reading counts: no flag says otherwise. */
export const isCounted = ({ flags }: Telemetry, metric: number): boolean => {
  if (flags === null) return true;
  for (const flag of flags) if (!flag.isCounted && (flag.metric === metric || flag.metric < 0)) return false;
  return true;
};

/** Says on a record that a rule had no answer for it; once, however often it is asked. */
export const noteUnanswered = (telemetry: Telemetry, rule: string): void => {
  const { unanswered } = telemetry;
  if (unanswered?.includes(rule) !== true) telemetry.unanswered = [...(unanswered ?? []), rule];
};

/**
 * A record after parse, validate and transform: one small object of a single shape.
 *
 * `readings` has one slot per metric, in the order of the metric table. NaN stands for *absent*; 0 is a value. Every slot is a
 * double from the start, so the representation never changes.
 */
export class Telemetry {
  /** Watermark of this record's device just before this record, epoch ms; stamped by `watermark`, −Infinity for its first. */
  watermarkBeforeMs = NaN;
  /** … and once this record is seen. */
  watermarkMs = NaN;
  /** Metric indexes of readings that came behind a newer one of their metric; stamped by `latest`, null when there are none. */
  outdated: readonly number[] | null = null;
  /** Claims that it broke and was let through with; set by `check`, null when there are none. */
  flags: readonly Flag[] | null = null;
  /** Ids of alert rules, and names of derived metrics, that had no answer for it; null when there are none. The record counts all the same. */
  unanswered: readonly string[] | null = null;

  constructor(
    readonly device: Device,
    /** Event time, epoch milliseconds. */
    readonly eventTimeMs: number,
    /** By metric index: canonical units after `transform`; NaN when absent. */
    readonly readings: number[],
    /** By metric index: the unit as written, null for canonical or unstated; the whole is null when no reading needs converting. */
    readonly units: readonly (string | null)[] | null,
    readonly quality: Quality,
    readonly profile: Profile,
    /** Only the envelope has one. */
    readonly messageId: string | null,
    readonly format: WireFormat,
  ) {}
}
