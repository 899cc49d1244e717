export type Severity = 'info' | 'warning' | 'error' | 'critical';

/** One episode of one rule on one device, as stored and pushed. Times are event times in epoch ms. */
export interface Alert {
  /** `<rule>@<device>@<topic>-<partition>-<offset of the record that raised it>`: a replay raises the same alert. */
  readonly id: string;
  readonly rule: string;
  readonly device: string;
  readonly metric: string;
  readonly severity: Severity;
  readonly state: 'active' | 'cleared';
  /** 1 when raised, 2 when cleared. */
  readonly version: number;
  readonly message: string;
  readonly raisedAtMs: number;
  readonly raisedValue: number;
  readonly raisedOffset: number;
  /** The reading furthest beyond the raise level in this episode so far. */
  readonly peakValue: number;
  readonly clearedAtMs: number | null;
  readonly clearedValue: number | null;
  readonly clearedOffset: number | null;
}
