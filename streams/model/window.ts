import type { Offset } from './units.js';

/** One window of one device and metric, as it is emitted and stored. Times are epoch ms; values in the metric's canonical unit. */
export interface WindowResult {
  /** Id of the window rule. */
  readonly rule: string;
  readonly device: string;
  readonly metric: string;
  /** Inclusive. */
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Population variance. */
  readonly variance: number;
  /** Value with the least event time; of equal times the one with the least offset. */
  readonly first: number;
  /** Value with the greatest event time; of equal times the one with the greatest offset. */
  readonly last: number;
  /** 0 while the window has not ended; 1 at its end; + 1 for every late record folded after that. */
  readonly revision: number;
  /** No further record can change it. */
  readonly isClosed: boolean;
  /** Not all of its time is in it: its rule was taken out or changed meanwhile. It is what it was until then, or what it has been since. */
  readonly isCut: boolean;
  /** Statistics beyond these that its rule asks for, by name; null for what too few values can't tell. */
  readonly more: Readonly<Record<string, number | null>>;
}

/** A window as it is told when it ends, is corrected or closes. */
export interface ToldWindow extends WindowResult {
  /** The record with which it came. */
  readonly offset: Offset;
  /** The watermark has reached its end with this: it is told for the first time. */
  readonly isEnd: boolean;
}
