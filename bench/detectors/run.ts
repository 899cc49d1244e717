/**
 * `npm run detectors [-- --json] [-- --seed N] [-- --series N]`
 *
 * Scores every detector, and a windowed Gaussian for comparison, on generated series whose anomalies are known. `auto` was developed on seeds up to 2010; those from 3001 are for judging it.
 */
import { parseArgs } from 'node:util';
import { auto } from '../../streams/detectors/auto.js';
import { type Detector, freshVerdict } from '../../streams/detectors/detector.js';
import { detectors } from '../../streams/detectors/registry.js';
import { storeState } from '../../streams/detectors/stored-state.js';
import { corpus, corpusOf } from './corpus.js';
import { foundIn } from './found.js';
import { scoreAll } from './score.js';
import { anomalyKinds, type Series } from './series.js';
import { windowedGaussian } from './windowed-gaussian.js';

const { values: told } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seed: { type: 'string', default: '3001' },
    series: { type: 'string', default: '8' },
  },
});
const seed = Number(told.seed);
const perFamily = Number(told.series);
/** Whose value is a lag: it says nothing of readings. */
const shipped = detectors.filter(({ name }) => name !== 'clock-skew');
const judged = [...shipped, windowedGaussian];

const scored = (detector: Detector): ((series: Series) => Float64Array) => {
  const tuned = detector.tuned(detector.settings.standard);
  const verdict = freshVerdict();
  return ({ values, timesMs }) => {
    const state = tuned.create();
    const scores = new Float64Array(values.length);
    for (let i = 0; i < values.length; i += 1) {
      tuned.step(state, values[i] ?? NaN, timesMs[i] ?? NaN, verdict);
      scores[i] = verdict.score;
    }
    return scores;
  };
};

/** CPU per reading, in ns: the median of five rounds, after one to warm up. */
const costOf = (detector: Detector, all: readonly Series[]): number => {
  const run = scored(detector);
  const readings = all.reduce((sum, { values }) => sum + values.length, 0);
  const rounds = Array.from({ length: 6 }, () => {
    const before = process.cpuUsage();
    all.forEach(run);
    const { user, system } = process.cpuUsage(before);
    return ((user + system) * 1_000) / readings;
  });
  return rounds.slice(1).sort((a, b) => a - b)[2] ?? NaN;
};

/** Of one series, in memory: its numbers, and the object and arrays that hold them. */
const bytesOf = (detector: Detector): number => {
  const fields = Object.values(detector.tuned(detector.settings.standard).create()) as (number | number[])[];
  const rows = fields.filter((field) => typeof field !== 'number');
  return (
    24 +
    fields.length * 8 +
    (fields.length - rows.length) * 16 +
    rows.reduce((sum, row) => sum + 32 + row.length * 8, 0)
  );
};

/** Of one series, as JSON, after a series. */
const storedBytesOf = (detector: Detector, series: Series | undefined): number => {
  const tuned = detector.tuned(detector.settings.standard);
  const state = tuned.create();
  const verdict = freshVerdict();
  series?.values.forEach((value, i) => tuned.step(state, value, series.timesMs[i] ?? NaN, verdict));
  return JSON.stringify(storeState(state)).length;
};

const round = (value: number, digits = 2): number | null =>
  Number.isNaN(value) ? null : Number(value.toFixed(digits));

/** Of every detector: where it says itself that a reading is a finding. */
const limit = 0.5;

const all = corpus(seed, perFamily);
const few = corpus(seed, 1);
const table = judged.map((detector) => {
  const { points, threshold } = scoreAll(all, scored(detector));
  return {
    detector: detector.name,
    points: round(points, 1),
    threshold: round(threshold, 4),
    nsPerReading: Math.round(costOf(detector, few)),
    bytes: bytesOf(detector),
    storedBytes: storedBytesOf(detector, few[0]),
  };
});
const byKind = anomalyKinds.flatMap((kind) => {
  const ofKind = corpusOf(kind, seed, Math.ceil(perFamily / 2));
  return shipped.map((detector) => {
    const { precision, recall, delay } = foundIn(ofKind, scored(detector), limit);
    return {
      kind,
      detector: detector.name,
      precision: round(precision),
      recall: round(recall),
      delay: round(delay, 0),
    };
  });
});

const byThreshold = [limit, 0.9, 0.97].map((threshold) => {
  const { precision, recall, delay } = foundIn(all, scored(auto), threshold);
  return { threshold, precision: round(precision), recall: round(recall), delay: round(delay, 0) };
});

const readings = all.reduce((sum, { values }) => sum + values.length, 0);
const anomalies = all.reduce((sum, series) => sum + series.anomalies.length, 0);
if (told.json)
  process.stdout.write(
    `${JSON.stringify({ seed, series: all.length, readings, anomalies, table, byKind, byThreshold })}\n`,
  );
else {
  process.stdout.write(`${all.length} series, ${readings} readings, ${anomalies} anomalies; seeds from ${seed}\n`);
  console.table(table);
  process.stdout.write('auto, by threshold; delay in readings\n');
  console.table(byThreshold);
  process.stdout.write('By kind of anomaly, at a score of 0.5: precision / recall / delay in readings\n');
  const cell = (kind: string, name: string): string => {
    const row = byKind.find((each) => each.kind === kind && each.detector === name);
    return `${row?.precision ?? '–'} / ${row?.recall ?? '–'} / ${row?.delay ?? '–'}`;
  };
  console.table(
    Object.fromEntries(
      anomalyKinds.map((kind) => [kind, Object.fromEntries(shipped.map(({ name }) => [name, cell(kind, name)]))]),
    ),
  );
}
