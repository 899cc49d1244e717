import { Random } from '../../src/simulator/random.js';
import { lay } from './anomalies.js';
import { families, type Family } from './families.js';
import { heavy } from './noise.js';
import type { AnomalyKind, Draft, Series } from './series.js';

const spreadOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return Math.max((at(0.95) - at(0.05)) / 2, 0.02 * Math.abs(at(0.5)), 1e-3);
};

/** The usual step from one reading to the next, as a deviation. */
const noiseOf = (values: readonly number[]): number => {
  const steps = values.slice(1).map((value, i) => Math.abs(value - (values[i] ?? NaN)));
  return (steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0) / 0.954;
};

/** Monday, 2023-11-13, 00:00 UTC. */
const firstMs = 1_699_833_600_000;

/** The clock of a series: even, or a little uneven with readings missing. */
const timesOf = (random: Random, readings: number, minutes: number): { index: number; atMs: number }[] => {
  const isUneven = random.next() < 0.25;
  return Array.from({ length: readings }, (_, index) => ({
    index,
    atMs: firstMs + Math.round((index + (isUneven ? random.between(0, 0.3) : 0)) * minutes * 60_000),
  })).filter(() => !isUneven || random.next() > 0.005);
};

/** Where anomalies go: behind the first fifth, far from each other. Last ones first, so that a gap moves no label. */
const placesOf = (random: Random, readings: number, wanted: number): number[] => {
  const first = Math.ceil(readings * 0.2);
  const share = Math.floor((readings - first) / Math.max(1, wanted));
  return Array.from({ length: wanted }, (_, i) => first + i * share + random.whole(0, Math.floor(share * 0.6)));
};

/** Most series have spikes that nobody would call an anomaly, some of them large; they carry no label. */
const disturbed = (random: Random, values: readonly number[]): number[] => {
  const rate = random.next() < 0.35 ? random.between(0.0003, 0.002) : 0;
  const size = noiseOf(values) + 0.1 * spreadOf(values);
  const tail = random.between(2, 4);
  return values.map((value) => (random.next() < rate ? value + size * (1 + heavy(random, tail)) : value));
};

/** One series, whole from its family and seed. */
const seriesOf = (family: Family, seed: number): Series => {
  const random = new Random(
    seed,
    families.findIndex(({ name }) => name === family.name),
  );
  const perDay = (24 * 60) / family.minutes;
  const normal = family.normal(random, perDay);
  const times = timesOf(random, random.whole(...family.readings), family.minutes);
  const values = disturbed(
    random,
    times.map(({ index }) => normal(index)),
  );
  const draft: Draft = {
    random,
    values,
    timesMs: times.map(({ atMs }) => atMs),
    anomalies: [],
    perDay,
    noise: noiseOf(values),
    spread: spreadOf(values),
  };
  const wanted = random.whole(...family.anomalies);
  const places = placesOf(random, values.length, wanted);
  const longest = Math.floor((values.length * 0.1) / Math.max(1, wanted));
  for (const from of places.reverse()) {
    const kind = family.kinds[random.whole(0, family.kinds.length - 1)] ?? 'spike';
    const before = draft.values.length;
    lay(draft, kind, from, random.whole(Math.ceil(longest / 3), longest));
    const cut = before - draft.values.length;
    draft.anomalies.forEach((anomaly, i) => {
      if (cut > 0 && anomaly.from > from)
        draft.anomalies[i] = { ...anomaly, from: anomaly.from - cut, to: anomaly.to - cut };
    });
  }
  const { timesMs, anomalies } = draft;
  return { name: `${family.name} ${seed}`, values, timesMs, anomalies: anomalies.reverse() };
};

/** So many series of every family, from seeds that follow each other. */
export const corpus = (firstSeed: number, perFamily: number): readonly Series[] =>
  families.flatMap((family) => Array.from({ length: perFamily }, (_, i) => seriesOf(family, firstSeed + i)));

/** The same of every family that knows a kind of anomaly, with no other kind in them. */
export const corpusOf = (kind: AnomalyKind, firstSeed: number, perFamily: number): readonly Series[] =>
  families
    .filter(({ kinds, anomalies: [least] }) => least > 0 && kinds.includes(kind))
    .map((family) => ({ ...family, kinds: [kind] }))
    .flatMap((family) => Array.from({ length: perFamily }, (_, i) => seriesOf(family, firstSeed + i)));
