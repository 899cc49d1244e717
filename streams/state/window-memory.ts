import { map as mapRight } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { MetricSetting } from '../model/settings.js';
import type { WindowResult } from '../model/window.js';
import { JsonText, type Memory } from './partition-state.js';
import { column, WindowRow } from './window-row.js';

/** The rows of one open window of a device by metric name, as they are stored; its start in epoch ms. */
export const StoredWindow = t.type({ startMs: t.number, rows: t.record(t.string, WindowRow) });
export type StoredWindow = t.TypeOf<typeof StoredWindow>;

/** The open windows of a device, in order of start. */
export const StoredWindows = t.array(StoredWindow);
export type StoredWindows = t.TypeOf<typeof StoredWindows>;

/** A window that is being filled: one row for each metric that was read in it. */
export class OpenWindow {
  /** As it was written last; null since it changed. */
  text: string | null = null;

  constructor(
    /** Epoch ms. */
    readonly startMs: number,
    /** By metric index. */
    readonly rows: (WindowRow | null)[],
    /** Rows of metrics that are not in the table any more; kept as they were stored. */
    readonly retired: StoredWindow['rows'],
  ) {}
}

/** What people see of a window. */
export const windowResult = (
  device: string,
  metric: string,
  { startMs, sizeMs }: { readonly startMs: number; readonly sizeMs: number },
  row: WindowRow,
  isClosed: boolean,
): WindowResult => {
  const [count, sum, min, max] = row;
  return {
    device,
    metric,
    startMs,
    endMs: startMs + sizeMs,
    count,
    sum,
    min,
    max,
    // Rounding of the sum does not take it beyond the values.
    mean: Math.min(max, Math.max(min, sum / count)),
    variance: row[column.m2] / count,
    first: row[column.first],
    last: row[column.last],
    revision: row[column.revision],
    isClosed,
  };
};

/** What `window` remembers of a device. */
export interface OpenWindows {
  /** In order of start; none without a row. */
  readonly windows: OpenWindow[];
  /** The watermark at which the next of them ends or closes, epoch ms; a lower bound. */
  dueMs: number;
}

/** Shared by `window`, which writes it, and by whoever reads open windows. Windows that did not change are written as they were. */
export const windowMemory = (metrics: readonly MetricSetting[]): Memory<OpenWindows> => {
  const names = metrics.map(({ name }) => name);
  const textOf = (window: OpenWindow): string => (window.text ??= JSON.stringify(stored(window, names)));
  return {
    name: 'window',
    create: () => ({ windows: [], dueMs: Infinity }),
    encode: ({ windows }) => (windows.length === 0 ? undefined : new JsonText(`[${windows.map(textOf).join(',')}]`)),
    decode: (value) =>
      mapRight((windows: StoredWindows) => ({
        windows: windows.map((window) => opened(window, names)),
        dueMs: -Infinity,
      }))(StoredWindows.decode(value)),
  };
};

const stored = ({ startMs, rows, retired }: OpenWindow, names: readonly string[]): StoredWindow => {
  const byName: Record<string, WindowRow> = { ...retired };
  for (let i = 0; i < names.length; i += 1) {
    const row = rows[i];
    const name = names[i];
    if (row != null && name !== undefined) byName[name] = row;
  }
  return { startMs, rows: byName };
};

const opened = ({ startMs, rows }: StoredWindow, names: readonly string[]): OpenWindow =>
  new OpenWindow(
    startMs,
    names.map((name) => rows[name] ?? null),
    Object.fromEntries(Object.entries(rows).filter(([name]) => !names.includes(name))),
  );
