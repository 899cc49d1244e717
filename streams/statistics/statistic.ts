/** The least and the greatest value of a window, or of a metric. */
export interface Summarised {
  readonly min: number;
  readonly max: number;
}

/**
 * A statistic of a window beyond the base ones. What it remembers of one window is a plain array of finite numbers, stored as it is; windows
 * can be merged, so it can be too. Values are in the metric's canonical unit, times in ms after the start of the window.
 */
export interface Statistic {
  /** One among the statistics of a window; the name of its member in the stored JSON. */
  readonly name: string;
  /** What it was asked for, where that can be anything: `p99.9`. */
  readonly asked?: readonly string[];
  /** So many different values of a window it tells apart, where that is bounded. */
  readonly mostValues?: number;
  /** Whether it gives a result of that name: `p95`, `slope`. */
  readonly gives: (result: string) => boolean;
  /** Of a result, given the unit of the metric: `°C/s`. */
  readonly unitOf: (result: string, unit: string) => string;
  /** Where a result lies when all readings lie in a range, both ends included; null where that says nothing. */
  readonly rangeOf: (result: string, readings: Summarised) => Summarised | null;
  readonly begin: () => number[];
  readonly add: (memory: number[], value: number, afterMs: number) => void;
  /** Adds the memory of another window, whose start lies `laterMs` (≥ 0) after this one's. */
  readonly merge: (memory: number[], other: readonly number[], laterMs: number) => void;
  /** By name of result; null for what too few values can't tell. */
  readonly resultsOf: (memory: readonly number[], window: Summarised) => Readonly<Record<string, number | null>>;
}
