import { leastSpread } from '../detector.js';
import { createDayProfile, type DayProfile, learnAt, usualAt } from './day-profile.js';
import { createTails, type Tails, usualOf } from './tails.js';

/** The distances by which a reading is judged, as indexes; each has tails of its own. The first four are distances of values. */
export const by = { near: 0, level: 1, season: 2, nearSeason: 3, spanOfSeason: 4, variability: 5 } as const;

/** What `auto` remembers of one series. */
export interface SeriesState extends DayProfile, Tails {
  count: number;
  last: number;
  /** The level, quickly and slowly followed, and the mean distance from the slow one. */
  near: number;
  level: number;
  spread: number;
  /** Distance from the season: what of it is permanent, what is recent, and its mean over a span of readings. */
  offset: number;
  nearSeason: number;
  spanOfSeason: number;
  /** Logarithm of the step from one reading to the next, quickly and slowly followed. */
  step: number;
  usualStep: number;
  /** Readings in a row of one value, the longest such run before, and how many runs there were. */
  run: number;
  longestRun: number;
  changes: number;
  /** Surprise of the last readings, fading. */
  evidence: number;
  /** What is left of the last finding: another one must exceed it. */
  told: number;
}

export const createSeries = (): SeriesState => ({
  count: 0,
  last: NaN,
  near: NaN,
  level: NaN,
  spread: 0,
  offset: 0,
  nearSeason: 0,
  spanOfSeason: 0,
  step: 0,
  usualStep: 0,
  run: 0,
  longestRun: 1,
  changes: 0,
  evidence: 0,
  told: 0,
  ...createTails(Object.keys(by).length),
  ...createDayProfile(),
});

/** Weights of the newest reading. */
const nearWeight = 0.25;
const levelWeight = 0.0018;
const spreadWeight = 0.001;
const offsetWeight = 0.04;
const spanWeight = 0.05;
const stepWeight = 0.05;
const usualStepWeight = 0.0005;

/** While few are known each counts alike. */
const weightOf = (weight: number, count: number): number => Math.max(weight, 1 / count);

/** Distances below this share of the spread are taken for it: a series that hardly ever moves has no rarer moves than others. */
const floorShare = 0.025;
/** An outlier teaches as if it were so many times as far as nine of ten. */
const mostLearned = 5;
const learnsAll = 50;

/** The least distance that counts. */
export const floorOf = (state: SeriesState): number => Math.max(leastSpread(state.level), floorShare * state.spread);

/** Takes the next reading up: gives what is expected of it by the season, or by the level where none is known. */
export const begin = (state: SeriesState, value: number, bin: number): number => {
  if (state.count === 0) {
    state.last = value;
    state.near = value;
    state.level = value;
  }
  state.count += 1;
  state.spread += weightOf(spreadWeight, state.count) * (Math.abs(value - state.level) - state.spread);
  const usual = usualAt(state, bin);
  return Number.isNaN(usual) ? state.level : usual + state.offset;
};

/** Fills in how far the reading is from everything it is compared with. */
export const measure = (
  state: SeriesState,
  value: number,
  expected: number,
  floor: number,
  distances: number[],
): void => {
  const distance = value - expected;
  distances[by.near] = value - state.near;
  distances[by.level] = value - state.level;
  distances[by.season] = distance;
  distances[by.nearSeason] = distance - state.nearSeason;
  state.spanOfSeason += spanWeight * (distance - state.spanOfSeason);
  distances[by.spanOfSeason] = state.spanOfSeason;
  const step = Math.log(Math.abs(value - state.last) + floor * 0.1);
  state.step += weightOf(stepWeight, state.count) * (step - state.step);
  state.usualStep += weightOf(usualStepWeight, state.count) * (step - state.usualStep);
  distances[by.variability] = state.step - state.usualStep;
};

const countRun = (state: SeriesState, value: number): void => {
  if (value === state.last) {
    state.run += 1;
    return;
  }
  state.longestRun = Math.max(state.longestRun * 0.99, state.run);
  state.run = 1;
  state.changes += 1;
};

const within = (limit: number, value: number): number => Math.max(-limit, Math.min(limit, value));

/** Learns from a reading that was judged; how far is expected only up to a limit, so that an anomaly does not become the norm at once. */
export const learn = (state: SeriesState, value: number, expected: number, bin: number, floor: number): void => {
  const distance = value - expected;
  const isNew = state.count <= learnsAll;
  const learned = isNew
    ? distance
    : within(mostLearned * Math.max(usualOf(state, by.season, distance), floor), distance);
  const fromLevel = value - state.level;
  const hasSeason = !Number.isNaN(usualAt(state, bin));
  countRun(state, value);
  state.last = value;
  state.nearSeason += nearWeight * (distance - state.nearSeason);
  state.near += weightOf(nearWeight, state.count) * (value - state.near);
  state.level +=
    weightOf(levelWeight, state.count) * (isNew ? fromLevel : within(2 * mostLearned * state.spread, fromLevel));
  learnAt(state, bin, expected + learned - state.offset);
  if (hasSeason) state.offset += offsetWeight * learned;
};
