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

export interface DedupeSetting {
  /** How far behind the newest message of its device, in event time, a message id is remembered. */
  readonly windowMs: number;
}

export interface LimitSetting {
  readonly maxValueBytes: number;
  readonly maxDepth: number;
}
