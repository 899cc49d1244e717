import type { AnomalyKind, Draft } from './series.js';

type Inject = (draft: Draft, from: number, length: number) => void;

const change = (draft: Draft, from: number, length: number, by: (value: number, i: number) => number): void => {
  for (let i = 0; i < length; i += 1) draft.values[from + i] = by(draft.values[from + i] ?? NaN, i);
};

const sign = (draft: Draft): number => (draft.random.next() < 0.5 ? -1 : 1);

/** How each kind is laid over a normal series. Sizes are in spreads of the series or of its noise. */
const inject: Readonly<Record<AnomalyKind, Inject>> = {
  'level shift': (draft, from, length) => {
    const by = sign(draft) * (2 * draft.noise + draft.random.between(0.4, 2.5) * draft.spread);
    const onset = draft.random.whole(1, 12);
    change(draft, from, length, (value, i) => value + by * Math.min(1, (i + 1) / onset));
  },
  drift: (draft, from, length) => {
    const by = sign(draft) * (3 * draft.noise + draft.random.between(0.8, 3) * draft.spread);
    change(draft, from, length, (value, i) => value + (by * i) / length);
  },
  spike: (draft, from) => {
    const by = sign(draft) * (5 * draft.noise + draft.random.between(0.5, 6) * draft.spread);
    change(draft, from, draft.random.whole(1, 3), (value) => value + by);
  },
  'variance change': (draft, from, length) => {
    const factor = draft.random.between(2, 8);
    change(draft, from, length, (value) => value + draft.random.normal() * draft.noise * factor);
  },
  stuck: (draft, from, length) => {
    const at = draft.values[from] ?? NaN;
    change(draft, from, length, () => at);
  },
  gap: (draft, from, length) => {
    draft.values.splice(from, length);
    draft.timesMs.splice(from, length);
  },
  'period change': (draft, from, length) => {
    const source = draft.values.slice(from, from + 3 * length);
    change(draft, from, length, (value, i) => source[(i * 3) % source.length] ?? value);
  },
  'slow ramp': (draft, from, length) => {
    const by = sign(draft) * (3 * draft.noise + draft.random.between(0.6, 2.5) * draft.spread);
    change(draft, from, length, (value, i) => value + by * Math.min(1, (2 * i) / length));
  },
  burst: (draft, from, length) => {
    const by = draft.random.between(2, 15) * draft.spread;
    const rise = draft.random.whole(1, 6);
    change(
      draft,
      from,
      Math.min(length, 12),
      (value, i) => value + by * Math.min((i + 1) / rise, Math.exp((rise - i - 1) / 3)),
    );
  },
  dip: (draft, from, length) => {
    const low = Math.min(...draft.values);
    const depth = draft.random.between(0.3, 1.6);
    const lasts = Math.min(length, Math.ceil(draft.perDay / 3));
    change(
      draft,
      from,
      lasts,
      (value, i) => value + (low - value) * depth * Math.min(1, (6 * i) / lasts, (6 * (lasts - i)) / lasts),
    );
  },
};

/** Kinds whose label covers only so many readings, whatever length was asked for. */
const shortest: Partial<Readonly<Record<AnomalyKind, number>>> = { spike: 3, burst: 12, gap: 1 };

/** Lays one anomaly over the series and labels it. A gap is labelled at the reading that ends it. */
export const lay = (draft: Draft, kind: AnomalyKind, from: number, length: number): void => {
  inject[kind](draft, from, length);
  const labelled = Math.min(length, shortest[kind] ?? length, kind === 'dip' ? Math.ceil(draft.perDay / 3) : Infinity);
  draft.anomalies.push({ kind, from, to: from + labelled - 1 });
};
