import type { Severity } from './alert.js';

/** Everything `streams/` is told from outside: the one narrow door for rules. Durations in milliseconds. */
export interface PipelineSettings {
  /** The metric table; a metric's index here is its slot in `Telemetry.readings`. */
  readonly metrics: readonly MetricSetting[];
  readonly time: TimeSetting;
  readonly window: WindowSetting;
  readonly dedupe: DedupeSetting;
  readonly alerts: readonly AlertRule[];
  readonly limits: LimitSetting;
}

export interface MetricSetting {
  /** As in the API: `temperature`. */
  readonly name: string;
  /** Canonical unit: `°C`. Empty for a metric without one. */
  readonly unit: string;
  /** Physical range in the canonical unit, inclusive. */
  readonly min: number;
  readonly max: number;
}

export interface TimeSetting {
  /** An event further ahead of its record's timestamp is `ts_future`. */
  readonly maxAheadMs: number;
  /** An event further behind its record's timestamp is `ts_past`. */
  readonly maxPastMs: number;
}

export interface WindowSetting {
  readonly sizeMs: number;
  readonly allowedLatenessMs: number;
  /** Names of the metrics that are aggregated; null for all. */
  readonly metrics: readonly string[] | null;
}

export interface DedupeSetting {
  /** How far behind the newest message of its device, in event time, a message id is remembered. */
  readonly windowMs: number;
}

/** A threshold with raise and clear levels: `above` raises at value > raise and clears at value <= clear; `below` is its mirror. */
export interface AlertRule {
  readonly id: string;
  readonly metric: string;
  readonly direction: 'above' | 'below';
  readonly raise: number;
  readonly clear: number;
  readonly severity: Severity;
}

export interface LimitSetting {
  readonly maxValueBytes: number;
  readonly maxDepth: number;
}
