import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import type { Draft } from '../chunks/draft.js';
import { throughRecords } from '../chunks/through-records.js';
import type { Chunk, ClockAdvance, Sourced } from '../model/chunk.js';
import type { Device } from '../model/device.js';
import type { PipelineSettings } from '../model/settings.js';
import type { Telemetry } from '../model/telemetry.js';
import type { PartitionState } from '../state/partition-state.js';
import { Accumulator, type OpenWindows, windowMemory, windowResult } from '../state/window-memory.js';

/**
 * Folds one partition's telemetry into fixed, epoch-aligned, event-time windows per device and metric.
 *
 * A window ends when its device's watermark reaches its end (revision 1), is corrected by each record that comes after that
 * (revision + 1), and closes when the watermark reaches its end plus `allowedLatenessMs`. Each of these emits it.
 *
 *     source   -a-b--c-d-|     event times a 1, b 4, c 12, d 3; sizeMs 10, allowedLatenessMs 0
 *     result   -a-b--C-L-|     C: c, and [0, 10) closes holding a and b; L: d was turned away by `watermark`
 *
 * - Memory: one accumulator per open window, in `state`; saved with the offset.
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
    const { sizeMs } = this.settings.window;
    const startMs = Math.floor(eventTimeMs / sizeMs) * sizeMs;
    const endMs = startMs + sizeMs;
    const isCorrection = watermarkBeforeMs >= endMs;
    const open = this.#openOf(device);
    for (let i = 0; i < readings.length; i += 1) {
      const value = readings[i] ?? NaN;
      const windows = open.byMetric[i];
      if (Number.isNaN(value) || windows === undefined || this.#isAggregated[i] !== true) continue;
      const accumulator = windowAt(windows, startMs);
      accumulator.add(value, eventTimeMs);
      if (isCorrection) {
        accumulator.revision += 1;
        this.#emit(device, i, accumulator, false, draft);
      }
    }
    this.state.touch(device);
    open.dueMs = Math.min(open.dueMs, isCorrection ? endMs + this.settings.window.allowedLatenessMs : endMs);
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
    for (let i = 0; i < open.byMetric.length; i += 1) {
      const windows = open.byMetric[i] ?? [];
      let closed = 0;
      for (const accumulator of windows) {
        const endMs = accumulator.startMs + sizeMs;
        const isClosed = watermarkMs >= endMs + allowedLatenessMs;
        const isFirstEnd = watermarkMs >= endMs && accumulator.revision === 0;
        if (isFirstEnd) accumulator.revision = 1;
        if (isClosed || isFirstEnd) this.#emit(device, i, accumulator, isClosed, draft);
        if (isClosed) closed += 1;
        else open.dueMs = Math.min(open.dueMs, watermarkMs >= endMs ? endMs + allowedLatenessMs : endMs);
      }
      if (closed > 0) windows.splice(0, closed);
    }
  }

  #emit(device: Device, metric: number, accumulator: Accumulator, isClosed: boolean, draft: Draft<Telemetry>): void {
    const name = this.settings.metrics[metric]?.name ?? '';
    draft.addWindow(windowResult(device.id, name, this.settings.window.sizeMs, accumulator, isClosed));
  }
}

/** Nearly always the newest one. */
const windowAt = (windows: Accumulator[], startMs: number): Accumulator => {
  let at = windows.length;
  while (at > 0) {
    const window = windows[at - 1];
    if (window === undefined || window.startMs < startMs) break;
    if (window.startMs === startMs) return window;
    at -= 1;
  }
  const made = new Accumulator(startMs);
  windows.splice(at, 0, made);
  return made;
};
