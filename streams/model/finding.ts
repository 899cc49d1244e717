import type { Offset } from './units.js';

/** What a detector said of a reading, or of none having come. */
export interface Finding {
  readonly rule: string;
  readonly detector: string;
  readonly device: string;
  readonly metric: string;
  /** Event time of the reading, epoch ms; of a device that is silent the log time at which that was found. */
  readonly atMs: number;
  /** The record with which it came. */
  readonly offset: Offset;
  /** Null for detectors of time. */
  readonly value: number | null;
  /** 0 to 1. */
  readonly score: number;
  /** The band in which the value was expected; null where the detector has none. */
  readonly low: number | null;
  readonly high: number | null;
  /** The score reaches the threshold of the rule. What does not is told where an alert listens. */
  readonly isFinding: boolean;
}
