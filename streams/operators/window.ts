import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import type { Draft } from '../chunks/draft.js';
import { throughRecords } from '../chunks/through-records.js';
import type { Chunk, ClockAdvance, Sourced } from '../model/chunk.js';
import type { Device } from '../model/device.js';
import type { PipelineSettings } from '../model/settings.js';
import type { Telemetry } from '../model/telemetry.js';
import type { PartitionState } from '../state/partition-state.js';
import { OpenWindow, type OpenWindows, windowMemory, windowResult } from '../state/window-memory.js';
import { addTo, column, emptyRow, type WindowRow } from '../state/window-row.js';

/**
 * Folds one partition's telemetry into fixed, epoch-aligned, event-time windows per device and metric.
 *
 * A window ends when its device's watermark reaches its end (revision 1), is corrected by each record that comes after that
 * (revision + 1), and closes when the watermark reaches its end plus `allowedLatenessMs`. Each of these emits it.
 *
 *     source   -a-b--c-d-|     event times a 1, b 4, c 12, d 3; sizeMs 10, allowedLatenessMs 0
 *     result   -a-b--C-L-|     C: c, and [0, 10) closes holding a and b; L: d was turned away by `watermark`
 *
 * - Memory: a row of ten numbers per open window and metric, in `state`; saved with the offset.
 * - Completion: open windows stay open; the next owner of the partition goes on with them.
 * - Errors: pass through.
 * - Purity: no clock; the same log gives the same windows however it is cut into chunks.
 * - Cost: one array lookup per reading; open windows are looked through only when one of them is due.
 */
export const window =
  (
    settings: Pick<PipelineSettings, 'metrics' | 'window'>,
    state: PartitionState,
  ): MonoTypeOperatorFunction<Chunk<Telemetry>> =>
  (chunks$) =>
    defer(() => {
      const windows = new Windows(settings, state);
      return chunks$.pipe(map((chunk) => windows.through(chunk)));
    });

/** The settings of one `window`, worked out once; what it remembers is in `state`. */
class Windows {
  readonly #openOf: (device: Device) => OpenWindows;
  readonly #isAggregated: readonly boolean[];

  constructor(
    readonly settings: Pick<PipelineSettings, 'metrics' | 'window'>,
    readonly state: PartitionState,
  ) {
    const chosen = settings.window.metrics;
    this.#openOf = state.ofDevice(windowMemory(settings.metrics));
    this.#isAggregated = settings.metrics.map(({ name }) => chosen === null || chosen.includes(name));
  }

  through(chunk: Chunk<Telemetry>): Chunk<Telemetry> {
    const { advances } = chunk;
    let applied = 0;
    const advanceUntil = (offset: number, draft: Draft<Telemetry>): void => {
      for (
        let advance = advances[applied];
        advance !== undefined && advance.before <= offset;
        advance = advances[applied]
      ) {
        applied += 1;
        this.#advance(advance, draft);
        // These windows have closed, whatever becomes of the record.
        draft.confirm();
      }
    };
    return throughRecords<Telemetry, Telemetry>(
      'window',
      chunk,
      (record, draft) => {
        if (applied < advances.length) advanceUntil(record.origin.offset, draft);
        this.#fold(record, draft);
        draft.keep(record);
      },
      // The records that crossed the last ticks may have left the main path; the clocks have moved all the same.
      (draft) => {
        advanceUntil(Infinity, draft);
      },
    );
  }

  #fold({ value: telemetry }: Sourced<Telemetry>, draft: Draft<Telemetry>): void {
    const { device, readings, eventTimeMs, watermarkMs, watermarkBeforeMs } = telemetry;
    const { sizeMs, allowedLatenessMs } = this.settings.window;
    const startMs = Math.floor(eventTimeMs / sizeMs) * sizeMs;
    const endMs = startMs + sizeMs;
    const isCorrection = watermarkBeforeMs >= endMs;
    const open = this.#openOf(device);
    let window: OpenWindow | null = null;
    for (let i = 0; i < readings.length; i += 1) {
      const value = readings[i] ?? NaN;
      if (Number.isNaN(value) || this.#isAggregated[i] !== true) continue;
      window ??= this.#windowAt(open.windows, startMs);
      const row = added(window.rows, i, value, eventTimeMs - startMs);
      if (!isCorrection) continue;
      row[column.revision] += 1;
      this.#emit(device, i, startMs, row, false, draft);
    }
    if (window !== null) window.text = null;
    this.state.touch(device);
    open.dueMs = Math.min(open.dueMs, isCorrection ? endMs + allowedLatenessMs : endMs);
    if (watermarkMs >= open.dueMs) this.#settleDue(device, open, watermarkMs, draft);
  }

  #advance({ device, watermarkMs }: ClockAdvance, draft: Draft<Telemetry>): void {
    const open = this.#openOf(device);
    if (watermarkMs < open.dueMs) return;
    this.state.touch(device);
    this.#settleDue(device, open, watermarkMs, draft);
  }

  /** Ends and closes what the watermark has reached. */
  #settleDue(device: Device, open: OpenWindows, watermarkMs: number, draft: Draft<Telemetry>): void {
    const { sizeMs, allowedLatenessMs } = this.settings.window;
    open.dueMs = Infinity;
    let closed = 0;
    for (const window of open.windows) {
      const endMs = window.startMs + sizeMs;
      const isClosed = watermarkMs >= endMs + allowedLatenessMs;
      if (watermarkMs >= endMs) this.#end(device, window, isClosed, draft);
      if (isClosed) closed += 1;
      else open.dueMs = Math.min(open.dueMs, watermarkMs >= endMs ? endMs + allowedLatenessMs : endMs);
    }
    if (closed > 0) open.windows.splice(0, closed);
  }

  /** Emits the rows that had not ended before; all of them when the window closes. */
  #end(device: Device, window: OpenWindow, isClosed: boolean, draft: Draft<Telemetry>): void {
    for (let i = 0; i < window.rows.length; i += 1) {
      const row = window.rows[i];
      if (row == null) continue;
      const isFirstEnd = row[column.revision] === 0;
      if (isFirstEnd) {
        row[column.revision] = 1;
        window.text = null;
      }
      if (isClosed || isFirstEnd) this.#emit(device, i, window.startMs, row, isClosed, draft);
    }
  }

  #emit(
    device: Device,
    metric: number,
    startMs: number,
    row: WindowRow,
    isClosed: boolean,
    draft: Draft<Telemetry>,
  ): void {
    const name = this.settings.metrics[metric]?.name ?? '';
    draft.addWindow(windowResult(device.id, name, { startMs, sizeMs: this.settings.window.sizeMs }, row, isClosed));
  }

  /** Nearly always the newest one. */
  #windowAt(windows: OpenWindow[], startMs: number): OpenWindow {
    let at = windows.length;
    while (at > 0) {
      const window = windows[at - 1];
      if (window === undefined || window.startMs < startMs) break;
      if (window.startMs === startMs) return window;
      at -= 1;
    }
    const rows: (WindowRow | null)[] = [];
    for (let i = 0; i < this.settings.metrics.length; i += 1) rows.push(null);
    const made = new OpenWindow(startMs, rows, {});
    windows.splice(at, 0, made);
    return made;
  }
}

const added = (rows: (WindowRow | null)[], metric: number, value: number, afterMs: number): WindowRow => {
  const row = rows[metric] ?? (rows[metric] = emptyRow());
  addTo(row, value, afterMs);
  return row;
};
