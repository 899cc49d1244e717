import type { Random } from '../../src/simulator/random.js';

/** What can be wrong with a series. */
export const anomalyKinds = [
  'level shift',
  'drift',
  'spike',
  'variance change',
  'stuck',
  'gap',
  'period change',
  'slow ramp',
  'burst',
  'dip',
] as const;
export type AnomalyKind = (typeof anomalyKinds)[number];

/** A labelled stretch: indexes of the first and the last anomalous reading. */
export interface Anomaly {
  readonly kind: AnomalyKind;
  readonly from: number;
  readonly to: number;
}

export interface Series {
  readonly name: string;
  readonly values: readonly number[];
  readonly timesMs: readonly number[];
  readonly anomalies: readonly Anomaly[];
}

/** A series in the making: normal values first, then anomalies laid over them. */
export interface Draft {
  readonly random: Random;
  readonly values: number[];
  readonly timesMs: number[];
  readonly anomalies: Anomaly[];
  readonly perDay: number;
  /** The spread of the normal noise, and of all of the series. */
  readonly noise: number;
  readonly spread: number;
}
