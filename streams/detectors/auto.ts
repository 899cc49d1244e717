import { binOf } from './auto/day-profile.js';
import { begin, by, createSeries, floorOf, learn, measure, type SeriesState } from './auto/series.js';
import { distanceOf, surprise } from './auto/tails.js';
import { bounded, type Detector, type Tuned, type Verdict } from './detector.js';
import { numberSettings, warmUpOf } from './settings.js';
import { row } from './stored-state.js';

const settings = numberSettings('auto', {
  limit: { standard: 6.1, min: 2, max: 100, about: 'surprise at which the score is 0.5, nats' },
  quiet: {
    standard: 0.9985,
    min: 0,
    max: 0.999999,
    about: 'what is left of a finding after each reading, to be exceeded by the next; 0: every reading by itself',
  },
  utcOffsetMinutes: { standard: 0, min: -1_440, max: 1_440, about: 'of the clock that days and weekends follow' },
  warmUp: warmUpOf(60, 'distances on either side before one is judged'),
});

/** What a surprise is worth by the distance it comes from, found on generated series; see docs/detectors.md. */
const worth = [0.6, 1, 1, 1, 0.75, 1] as const;
const worthOfRun = 0.75;
/** How much of the second highest surprise is added to the highest one, and of those just before. */
const secondShare = 0.25;
const evidenceShare = 0.05;
const evidenceFades = 0.95;
/** Variability is a difference of logarithms. */
const variabilityFloor = 0.05;
/** Nine of ten readings surprise less than this by each distance: no evidence. */
const usualSurprise = Math.log(10);
/** The longer a series is known, the rarer a finding must be: added nats per e-fold of readings beyond a thousand. */
const perLength = 0.3;
const leastMargin = 0.8;
/** Beyond it nothing is rarer: a first value after a long rest is as rare as can be, and would silence what follows for days. */
const mostNats = 16;

/**
 * Auto: how rare a reading is by everything that is known of its series, in nats (−ln of a probability), as a score.
 *
 * A reading is compared with its near past, its slow level, the usual value of the half hour (working days and weekends apart), and that with what was lately added to it; a mean
 * over about twenty readings, the variability and the length of runs show what no single reading does. Each distance becomes a surprise by its own past
 * (`auto/tails.ts`), so that scales, tails and noise of a series do not matter. s = highest + 0.25 · second highest + 0.05 · recent − what a long series makes
 * usual; score = 1 / (1 + e^(limit − s)). Behind a finding only what exceeds it, as far as it is not forgotten yet, scores again: one anomaly is told once. The band is
 * where a value would surprise by less than `limit` on every comparison; a finding within it is one of variability, of a run or of a mean.
 *
 * - Source: likelihood of recent errors: S. Ahmad et al., "Unsupervised real-time anomaly detection for streaming data", Neurocomputing 262 (2017); tails: Hill 1975; level and season
 *   by exponential smoothing: P. R. Winters, Management Science 6 (1960).
 * - Memory: 243 numbers. Warm-up: about 120 readings; the season takes two days at least, a week for weekends.
 * - Stability: differences, ratios of at least 1 and means; nothing grows with time but counts.
 * - Blind to: periods other than the day; what is wrong from the beginning.
 */
export const auto: Detector<typeof settings.standard, SeriesState> = {
  name: 'auto',
  about: {
    finds:
      'whatever is rare for this series: spikes, shifts, drifts, changes of rhythm or of variability, stuck values',
    source: 'Ahmad 2017, Hill 1975, Winters 1960',
    memory: '243 numbers',
    warmUp: 'about 120 readings; two days for the daily season, a week for weekends',
  },
  settings,
  tuned: ({ limit, quiet, utcOffsetMinutes, warmUp }): Tuned<SeriesState> => {
    // Filled anew at each step: nothing of a series stays in it.
    const distances = row(worth.length);
    return {
      create: createSeries,
      step(state, given, atMs, verdict) {
        const value = bounded(given);
        const bin = binOf(atMs + utcOffsetMinutes * 60_000);
        const expected = begin(state, value, bin);
        const floor = floorOf(state);
        measure(state, value, expected, floor, distances);
        const usual = perLength * Math.log(Math.max(state.count, 300) / 1_000);
        drawBand(state, value, distances, floor, limit + usual, warmUp, verdict);
        const nats = Math.min(mostNats, rarity(state, distances, floor, warmUp) - usual);
        learn(state, value, expected, bin, floor);
        verdict.isWarm = state.count > 2 * warmUp;
        const isTold = verdict.isWarm && isNews(state, nats, quiet);
        verdict.score = isTold ? 1 / (1 + Math.exp(limit - nats)) : 0;
      },
    };
  },
};

/** Draws the band: where no distance of values would surprise by `nats`. */
const drawBand = (
  state: SeriesState,
  value: number,
  distances: readonly number[],
  floor: number,
  nats: number,
  warmUp: number,
  verdict: Verdict,
): void => {
  let low = -Infinity;
  let high = Infinity;
  for (let k = by.near as number; k <= by.nearSeason; k += 1) {
    const centre = value - (distances[k] ?? NaN);
    const each = nats / (worth[k] ?? NaN);
    if ((state.seen[2 * k] ?? 0) > warmUp) high = Math.min(high, centre + distanceOf(state, 2 * k, each, floor));
    if ((state.seen[2 * k + 1] ?? 0) > warmUp) low = Math.max(low, centre - distanceOf(state, 2 * k + 1, each, floor));
  }
  const isKnown = low > -Infinity && high < Infinity;
  verdict.low = isKnown ? Math.min(low, high) : NaN;
  verdict.high = isKnown ? Math.max(low, high) : NaN;
};

/** All surprises in one figure. */
const rarity = (state: SeriesState, distances: readonly number[], floor: number, warmUp: number): number => {
  let highest = surpriseOfRun(state);
  let second = 0;
  for (let k = 0; k < distances.length; k += 1) {
    const least = k === by.variability ? variabilityFloor : floor;
    const nats = (worth[k] ?? NaN) * surprise(state, k, distances[k] ?? NaN, least, warmUp);
    if (nats > highest) {
      second = highest;
      highest = nats;
    } else if (nats > second) second = nats;
  }
  state.evidence = evidenceFades * state.evidence + Math.max(0, highest - usualSurprise);
  return highest + secondShare * second + evidenceShare * state.evidence;
};

/** A run of one value that is longer than any before; not of series that rest as often as they move. */
const surpriseOfRun = ({ run, longestRun, changes }: SeriesState): number => {
  if (changes <= 20 || run <= 10) return 0;
  return worthOfRun * 2 * usualSurprise * Math.min(2.5, run / (2.5 * longestRun));
};

/** Whether it exceeds what is left of the last finding; if so, that is the next one to exceed. */
const isNews = (state: SeriesState, nats: number, quiet: number): boolean => {
  state.told *= quiet;
  const isMore = state.told < 1 || nats > state.told + leastMargin;
  if (isMore) state.told = Math.max(state.told, nats);
  return isMore;
};
