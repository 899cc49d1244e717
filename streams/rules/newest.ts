import type { Latest } from '../state/latest-memory.js';

/**
 * The newest readings of a device as an expression sees them: those of the record under way, and of other metrics the last known. One row,
 * written over and over; NaN for never.
 */
export class Newest {
  readonly readings: number[];

  constructor(metrics: number) {
    this.readings = Array.from({ length: metrics }, () => NaN);
  }

  /** False when one of the metrics was never read. */
  fill(reads: readonly number[], readings: readonly number[], latest: Latest): boolean {
    for (let i = 0; i < reads.length; i += 1) {
      const slot = reads[i] ?? 0;
      let value = readings[slot] ?? NaN;
      if (Number.isNaN(value)) value = latest.readings[2 * slot] ?? NaN;
      if (Number.isNaN(value)) return false;
      this.readings[slot] = value;
    }
    return true;
  }
}

/** Whether the record under way holds one of the metrics: an expression is asked when something it reads is new. */
export const holdsOneOf = (reads: readonly number[], readings: readonly number[]): boolean => {
  for (let i = 0; i < reads.length; i += 1) if (!Number.isNaN(readings[reads[i] ?? 0] ?? NaN)) return true;
  return false;
};
