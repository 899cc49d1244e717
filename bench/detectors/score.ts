import type { Series } from './series.js';

/**
 * A score of the kind that public benchmarks of streaming detectors use. Windows around the anomalies cover a tenth of a series. The first detection in
 * a window earns up to 1, the earlier the more, by a sigmoid; a window without one costs 1; a detection outside costs 0.11, less just behind a window.
 * The first 15 % of a series, 750 readings at most, count for nothing. One threshold serves all series, the best there is for the detector.
 * 0 is to detect nothing, 100 to detect everything at once with nothing else.
 */
export interface Scored {
  readonly points: number;
  readonly threshold: number;
}

const falseCost = 0.11;
const sigmoid = (x: number): number => (x > 3 ? -1 : 2 / (1 + Math.exp(5 * x)) - 1);
const most = sigmoid(-1);

interface Window {
  readonly from: number;
  readonly to: number;
}

/** A tenth of the series, shared out among its anomalies, each in the middle of its window. */
const windowsOf = ({ values, anomalies }: Series): readonly Window[] => {
  const length = Math.floor((values.length * 0.1) / Math.max(1, anomalies.length));
  return anomalies.map(({ from, to }) => {
    const margin = Math.max(0, length - (to - from + 1)) / 2;
    return {
      from: Math.max(0, Math.floor(from - margin)),
      to: Math.min(values.length - 1, Math.ceil(to + margin)),
    };
  });
};

export const probationOf = (readings: number): number => Math.min(Math.floor(0.15 * readings), 750);

interface Event {
  readonly score: number;
  /** Index among all windows; −1 outside. */
  readonly window: number;
  readonly worth: number;
}

/** Of each reading with a score what its detection is worth. */
const eventsOf = (series: Series, scores: ArrayLike<number>, firstWindow: number): Event[] => {
  const windows = windowsOf(series);
  const events: Event[] = [];
  let next = 0;
  let behind: Window | null = null;
  for (let i = probationOf(series.values.length); i < series.values.length; i += 1) {
    while (next < windows.length && i > (windows[next]?.to ?? 0)) behind = windows[next++] ?? null;
    const window = windows[next];
    const score = scores[i] ?? 0;
    if (score <= 0) continue;
    if (window !== undefined && i >= window.from) {
      const width = window.to - window.from + 1;
      events.push({ score, window: firstWindow + next, worth: sigmoid(-(window.to - i + 1) / width) / most });
    } else {
      const width = behind === null ? 1 : Math.max(1, behind.to - behind.from);
      const worth = behind === null ? -1 : sigmoid((i - behind.to) / width);
      events.push({ score, window: -1, worth: worth * falseCost });
    }
  }
  return events;
};

/** Goes down through all thresholds at once: a detection counts from its own score downwards. */
export const scoreAll = (all: readonly Series[], scoresOf: (series: Series) => ArrayLike<number>): Scored => {
  let windows = 0;
  const events: Event[] = [];
  for (const series of all) {
    for (const event of eventsOf(series, scoresOf(series), windows)) events.push(event);
    windows += series.anomalies.length;
  }
  events.sort((a, b) => b.score - a.score);
  const best = new Float64Array(windows).fill(-1);
  let total = -windows;
  let found: Scored = { points: 0, threshold: 1.1 };
  events.forEach(({ score, window, worth }, i) => {
    if (window < 0) total += worth;
    else if (worth > (best[window] ?? 0)) {
      total += worth - (best[window] ?? 0);
      best[window] = worth;
    }
    if (score === events[i + 1]?.score) return;
    const points = (100 * (total + windows)) / (2 * windows);
    if (points > found.points) found = { points, threshold: score };
  });
  return found;
};
