import type { Device, Profile } from './device.js';

/** The shape a record came in. */
export type WireFormat = 'nested' | 'flat' | 'envelope';

/** How far the device itself vouches for its readings: from its own and its sensors' status words. */
export type Quality = 'good' | 'uncertain' | 'bad';

/** A quiet device whose watermark log time has moved on. */
export interface ClockAdvance {
  readonly device: Device;
  readonly watermarkMs: number;
}

const noAdvances: readonly ClockAdvance[] = Object.freeze([]);

/**
 * A record after parse, validate and transform: one small object of a single shape.
 *
 * `readings` has one slot per metric, in the order of the metric table. NaN stands for *absent*; 0 is a value. Every slot is a
 * double from the start, so the representation never changes.
 */
export class Telemetry {
  /** Watermark of this record's device once this record is seen, epoch ms. Stamped by `watermark`; NaN before. */
  watermarkMs = NaN;
  /** Whether the record came behind the end of its window, but within the allowed lateness, is decided from this: the watermark just before it. */
  watermarkBeforeMs = NaN;
  /** Quiet devices whose watermarks were moved by log time just before this record. Stamped by `watermark`. */
  advances: readonly ClockAdvance[] = noAdvances;

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
