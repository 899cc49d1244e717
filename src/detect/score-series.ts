import { freshVerdict, type Tuned } from '../../streams/detectors/detector.js';
import type { Reading } from './reading.js';

export interface Scored {
  readonly timestamp: string | number;
  /** NaN where there is none; then the score is 0. */
  readonly value: number;
  readonly score: number;
  readonly low: number;
  readonly high: number;
}

/** Scores readings one after the other, each by what came before it. A reading without a value is passed by. */
export const scorer = (tuned: Tuned): ((reading: Reading) => Scored) => {
  const state = tuned.create();
  const verdict = freshVerdict();
  return ({ timestamp, atMs, value }) => {
    if (Number.isNaN(value)) return { timestamp, value, score: 0, low: NaN, high: NaN };
    tuned.step(state, value, atMs, verdict);
    const { score, low, high } = verdict;
    return { timestamp, value, score, low, high };
  };
};
