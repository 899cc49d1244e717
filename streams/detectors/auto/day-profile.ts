import { row } from '../stored-state.js';

/**
 * The usual value by time of day, working days and weekends apart: 48 half hours each, every one the mean of what came in it, new readings weighing at least 4 %.
 *
 * A half hour is believed once it has held `believed` readings; one of a weekend borrows from working days until then.
 */
export interface DayProfile {
  /** Rows go by half hour, weekends behind working days. */
  readonly means: number[];
  readonly known: number[];
}

const bins = 48;
const dayMs = 86_400_000;
const believed = 7;
/** Of the newest reading in the mean of its half hour. */
export const leastShare = 0.04;
/** Counts beyond it make no difference. */
const enough = Math.ceil(1 / leastShare);

export const createDayProfile = (): DayProfile => ({ means: row(2 * bins), known: row(2 * bins).fill(0) });

/** Which half hour; times are shifted by the zone before. 1970-01-01 was a Thursday. */
export const binOf = (atMs: number): number => {
  const day = Math.floor(atMs / dayMs);
  const ofDay = Math.min(bins - 1, Math.floor(((atMs - day * dayMs) / dayMs) * bins));
  const ofWeek = (((day + 3) % 7) + 7) % 7;
  return ofWeek >= 5 ? ofDay + bins : ofDay;
};

/** NaN as long as too little is known. */
export const usualAt = ({ means, known }: DayProfile, bin: number): number => {
  const isWeekend = bin >= bins;
  const from = isWeekend && (known[bin] ?? 0) < believed && (known[bin - bins] ?? 0) >= believed ? bin - bins : bin;
  return (known[from] ?? 0) >= believed ? (means[from] ?? NaN) : NaN;
};

export const learnAt = ({ means, known }: DayProfile, bin: number, value: number): void => {
  const count = known[bin] ?? 0;
  const mean = means[bin] ?? NaN;
  means[bin] = count === 0 ? value : mean + Math.max(leastShare, 1 / (count + 1)) * (value - mean);
  known[bin] = Math.min(count + 1, enough);
};
