import { probationOf } from './score.js';
import type { Series } from './series.js';

/** How often a detector, as it is shipped, is right. */
export interface Found {
  /** Share of the findings that lie on an anomaly. */
  readonly precision: number;
  /** Share of the anomalies with a finding. */
  readonly recall: number;
  /** Readings from the beginning of an anomaly to its first finding; the median. */
  readonly delay: number;
}

/** Readings behind an anomaly at which it may still be found: its end is a change, too. */
const grace = 12;

/** Neighbouring readings from the threshold upwards are one finding; those within the first sixth of a series do not count. */
export const foundIn = (
  all: readonly Series[],
  scoresOf: (series: Series) => ArrayLike<number>,
  threshold: number,
): Found => {
  let findings = 0;
  let right = 0;
  let anomalies = 0;
  const delays: number[] = [];
  for (const series of all) {
    const scores = scoresOf(series);
    const delayOf = new Map<number, number>();
    let isWithin = false;
    for (let i = probationOf(series.values.length); i < series.values.length; i += 1) {
      const isFinding = (scores[i] ?? 0) >= threshold;
      if (isFinding) {
        const at = series.anomalies.findIndex(({ from, to }) => i >= from && i <= to + grace);
        if (!isWithin) findings += 1;
        if (!isWithin && at >= 0) right += 1;
        if (at >= 0 && !delayOf.has(at)) delayOf.set(at, i - (series.anomalies[at]?.from ?? NaN));
      }
      isWithin = isFinding;
    }
    anomalies += series.anomalies.length;
    delays.push(...delayOf.values());
  }
  delays.sort((a, b) => a - b);
  return {
    precision: findings === 0 ? NaN : right / findings,
    recall: delays.length / anomalies,
    delay: delays[delays.length >> 1] ?? NaN,
  };
};
