import { type Detector, leastSpread, notWarm, type Tuned } from '../../streams/detectors/detector.js';
import { numberSettings } from '../../streams/detectors/settings.js';
import { row } from '../../streams/detectors/stored-state.js';

const settings = numberSettings('windowed-gaussian', {
  window: {
    standard: 6_400,
    min: 2,
    max: 100_000,
    isWhole: true,
    about: 'readings that mean and deviation are taken from',
  },
  step: { standard: 100, min: 1, max: 100_000, isWhole: true, about: 'readings after which they are taken again' },
});

interface WindowedGaussian {
  count: number;
  next: number;
  mean: number;
  deviation: number;
  ring: number[];
}

/** The baseline: 1 − Q(|z|) by the mean and deviation of a long window. Not shipped. */
export const windowedGaussian: Detector<typeof settings.standard, WindowedGaussian> = {
  name: 'windowed-gaussian',
  about: {
    finds: 'values far from the mean',
    source: 'the usual baseline of benchmarks',
    memory: '6400 numbers',
    warmUp: '100 readings',
  },
  settings,
  tuned: ({ window, step }): Tuned<WindowedGaussian> => ({
    create: () => ({ count: 0, next: 0, mean: NaN, deviation: NaN, ring: row(window) }),
    step(state, value, _atMs, verdict) {
      notWarm(verdict);
      if (state.count >= step) {
        verdict.score = 1 - 2 * tail(Math.abs(value - state.mean) / state.deviation);
        verdict.low = state.mean - 4 * state.deviation;
        verdict.high = state.mean + 4 * state.deviation;
        verdict.isWarm = true;
      }
      state.ring[state.next] = value;
      state.next = (state.next + 1) % window;
      state.count += 1;
      if (state.count % step === 0) learn(state, Math.min(state.count, window));
    },
  }),
};

const learn = (state: WindowedGaussian, known: number): void => {
  let sum = 0;
  for (let i = 0; i < known; i += 1) sum += state.ring[i] ?? NaN;
  state.mean = sum / known;
  let squares = 0;
  for (let i = 0; i < known; i += 1) squares += ((state.ring[i] ?? NaN) - state.mean) ** 2;
  state.deviation = Math.max(Math.sqrt(squares / known), leastSpread(state.mean));
};

/** Q(z) for z ≥ 0: W. J. Cody's bounds by way of Abramowitz and Stegun 26.2.17, to 7.5e-8 of the density. */
const tail = (z: number): number => {
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
};
