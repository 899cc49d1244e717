import * as t from 'io-ts';
import type { MetricSetting } from '../model/settings.js';
import type { WindowResult } from '../model/window.js';
import { type Memory, memory } from './partition-state.js';

/** An open window as it is stored; `m2` is the sum of squared differences from the mean. Times in epoch ms. */
export const StoredWindow = t.type({
  startMs: t.number,
  count: t.number,
  sum: t.number,
  min: t.number,
  max: t.number,
  mean: t.number,
  m2: t.number,
  firstAtMs: t.number,
  first: t.number,
  lastAtMs: t.number,
  last: t.number,
  revision: t.number,
});
export type StoredWindow = t.TypeOf<typeof StoredWindow>;

/** The open windows of a device, by metric name, in order of start. */
export const StoredWindows = t.record(t.string, t.array(StoredWindow));
export type StoredWindows = t.TypeOf<typeof StoredWindows>;

/**
 * A window that is being filled. Mean and variance by Welford's method (Welford 1962, Technometrics 4(3)): stable where the sum of
 * squares is not.
 */
export class Accumulator implements StoredWindow {
  count = 0;
  sum = 0;
  min = Infinity;
  max = -Infinity;
  mean = 0;
  m2 = 0;
  firstAtMs = Infinity;
  first = NaN;
  lastAtMs = -Infinity;
  last = NaN;
  revision = 0;

  constructor(readonly startMs: number) {}

  static restore(stored: StoredWindow): Accumulator {
    return Object.assign(new Accumulator(stored.startMs), stored);
  }

  /** Folds one value; of equal times the first to come is first and the last to come is last. */
  add(value: number, atMs: number): void {
    this.count += 1;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    const delta = value - this.mean;
    this.mean += delta / this.count;
    this.m2 += delta * (value - this.mean);
    if (atMs < this.firstAtMs) {
      this.firstAtMs = atMs;
      this.first = value;
    }
    if (atMs >= this.lastAtMs) {
      this.lastAtMs = atMs;
      this.last = value;
    }
  }
}

/** What people see of a window. */
export const windowResult = (
  device: string,
  metric: string,
  sizeMs: number,
  window: StoredWindow,
  isClosed: boolean,
): WindowResult => ({
  device,
  metric,
  startMs: window.startMs,
  endMs: window.startMs + sizeMs,
  count: window.count,
  sum: window.sum,
  min: window.min,
  max: window.max,
  mean: window.mean,
  variance: window.m2 / window.count,
  first: window.first,
  last: window.last,
  revision: window.revision,
  isClosed,
});

/** What `window` remembers of a device. */
export interface OpenWindows {
  /** By metric index; in order of start. */
  readonly byMetric: Accumulator[][];
  /** The watermark at which the next of them ends or closes, epoch ms; a lower bound. */
  dueMs: number;
  /** Open windows of metrics that are not aggregated any more; kept as they were stored. */
  readonly retired: StoredWindows;
}

/** Shared by `window`, which writes it, and by whoever reads open windows. */
export const windowMemory = (metrics: readonly MetricSetting[]): Memory<OpenWindows> =>
  memory<OpenWindows, StoredWindows>({
    name: 'window',
    create: () => ({ byMetric: metrics.map(() => []), dueMs: Infinity, retired: {} }),
    stored: StoredWindows,
    store: ({ byMetric, retired }) => {
      const stored: Record<string, StoredWindow[]> = { ...retired };
      for (let i = 0; i < metrics.length; i += 1) {
        const open = byMetric[i];
        const metric = metrics[i];
        if (metric !== undefined && open !== undefined && open.length > 0) stored[metric.name] = open;
      }
      return stored;
    },
    restore: (stored) => ({
      byMetric: metrics.map(({ name }) => (stored[name] ?? []).map((window) => Accumulator.restore(window))),
      dueMs: -Infinity,
      retired: Object.fromEntries(
        Object.entries(stored).filter(([name]) => !metrics.some((metric) => metric.name === name)),
      ),
    }),
  });
