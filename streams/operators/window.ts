import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import type { Draft } from '../chunks/draft.js';
import { throughRecords } from '../chunks/through-records.js';
import type { Chunk, ClockAdvance, Sourced } from '../model/chunk.js';
import type { Device, Profile } from '../model/device.js';
import { isCounted, type Telemetry } from '../model/telemetry.js';
import type { Offset } from '../model/units.js';
import { type Planned, planner } from '../rules/planner.js';
import type { WindowRule } from '../rules/rules.js';
import type { PipelineSettings } from '../rules/settings.js';
import type { PartitionState } from '../state/partition-state.js';
import type { RuleStates } from '../state/rule-memory.js';
import { windowMemory, windowResult } from '../state/window-memory.js';
import { Filling, type Touched } from '../windows/filling.js';
import { CurrentWindows } from '../windows/current-windows.js';
import { cutRetired } from '../windows/cut.js';
import { type OpenWindow, RuleWindows } from '../windows/open-window.js';
import { rowAt } from '../windows/window-row.js';

/**
 * Folds one partition's telemetry into the windows of the rules, per device and metric, by event time: tumbling and hopping ones, aligned to the epoch;
 * sessions, which end after a gap; and windows of so many readings.
 *
 * A window of time ends when its device's watermark reaches its end (revision 1), is corrected by each record that comes after that
 * (revision + 1), and closes when the watermark reaches its end plus the allowed lateness. Each of these tells it. A window of a count closes with its last reading.
 *
 *     source   -a-b--c-d-|     event times a 1, b 4, c 12, d 3; tumbling 10, allowed lateness 0
 *     result   -a-b--C-L-|     C: c, and [0, 10) closes holding a and b; L: d was turned away by `watermark`
 *
 * - Memory: a row of doubles per open window and metric, and what further statistics need, in `state`; saved with the offset.
 * - Completion: open windows stay open; the next owner of the partition goes on with them. Those of rules that are gone are closed as they are.
 * - Errors: pass through.
 * - Purity: no clock; the same log gives the same windows however it is cut into chunks.
 * - Cost: one array lookup per rule and reading; open windows are looked through only when one of them is due.
 */
export const window =
  ({ rules }: Pick<PipelineSettings, 'rules'>, state: PartitionState): MonoTypeOperatorFunction<Chunk<Telemetry>> =>
  (chunks$) =>
    defer(() => {
      const windows = new Windows(rules, state);
      return chunks$.pipe(map((chunk) => windows.through(chunk)));
    });

/** The rules of one `window`, worked out once; what it remembers is in `state`. */
class Windows {
  readonly #planOf: (device: Device, profile: Profile) => Planned;
  readonly #heldOf: (device: Device) => RuleStates<RuleWindows>;
  readonly #names: readonly string[];
  readonly #filling: readonly Filling[];
  /** By rule. */
  readonly #current: readonly CurrentWindows[];
  /** By index of the device: the watermark at which one of its windows ends or closes, epoch ms; −Infinity where that is not known. */
  readonly #dueMs: number[] = [];
  /** Set once windows of rules that are no more have been closed. */
  #isReconciled = false;

  constructor(
    readonly rules: PipelineSettings['rules'],
    readonly state: PartitionState,
  ) {
    this.#planOf = planner(rules);
    this.#heldOf = state.ofDevice(windowMemory(rules));
    this.#names = rules.metrics.map(({ name }) => name);
    this.#filling = rules.windows.map((rule) => new Filling(rule));
    this.#current = rules.windows.map((rule) => new CurrentWindows(rule));
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
        if (!this.#isReconciled) {
          this.#isReconciled = true;
          cutRetired(this.state, this.rules.windows, this.#heldOf, record.origin.offset, draft);
          this.#dueMs.fill(-Infinity);
          draft.confirm();
        }
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

  #fold({ value: telemetry, origin: { offset } }: Sourced<Telemetry>, draft: Draft<Telemetry>): void {
    const { device, profile, readings, flags, eventTimeMs, watermarkMs } = telemetry;
    const { windows } = this.#planOf(device, profile).plan;
    const isNothingDue = flags === null && watermarkMs < (this.#dueMs[device.index] ?? -Infinity);
    let areAllAtHand = isNothingDue;
    for (let i = 0; i < windows.length; i += 1) {
      const rule = windows[i];
      if (rule === undefined) continue;
      if (isNothingDue && this.#current[rule.index]?.take(device.index, eventTimeMs, readings) === true) continue;
      areAllAtHand = false;
      this.#fill(rule, telemetry, offset, draft);
    }
    this.state.touch(device);
    if (!areAllAtHand) this.#settle(device, this.#heldOf(device).byRule, watermarkMs, offset, draft);
  }

  /** Puts the readings of a record into windows of one rule, wherever they belong. */
  #fill(rule: WindowRule, telemetry: Telemetry, offset: Offset, draft: Draft<Telemetry>): void {
    const { device, readings, flags, eventTimeMs, watermarkBeforeMs } = telemetry;
    const filling = this.#filling[rule.index];
    if (filling === undefined) return;
    // Until it is looked at again: should something throw before that, what is at hand need not be right any more.
    if (device.index < this.#dueMs.length) this.#dueMs[device.index] = -Infinity;
    filling.count = 0;
    for (let position = 0; position < rule.metrics.length; position += 1) {
      const metric = rule.metrics[position] ?? -1;
      const value = readings[metric] ?? NaN;
      if (Number.isNaN(value) || (flags !== null && !isCounted(telemetry, metric))) continue;
      filling.take(position, value);
    }
    if (filling.count === 0) return;
    const held = (this.#heldOf(device).byRule[rule.index] ??= new RuleWindows());
    rule.span.put(filling.of(held, eventTimeMs, watermarkBeforeMs));
    if (filling.touched.length > 0) this.#tell(device, rule, held, filling, offset, draft);
  }

  /** Tells what a reading corrected, or filled up. */
  #tell(
    device: Device,
    rule: WindowRule,
    held: RuleWindows,
    filling: Filling,
    offset: Offset,
    draft: Draft<Telemetry>,
  ): void {
    for (const touched of filling.touched) this.#add(device, rule, held, touched, touched.isClosed, offset, draft);
    filling.touched.length = 0;
  }

  #advance({ device, watermarkMs, before }: ClockAdvance, draft: Draft<Telemetry>): void {
    this.#settle(device, this.#heldOf(device).byRule, watermarkMs, before, draft);
  }

  /** Ends and closes what is due of a device, and looks at what is at hand of it then. */
  #settle(
    device: Device,
    byRule: readonly (RuleWindows | undefined)[],
    watermarkMs: number,
    offset: Offset,
    draft: Draft<Telemetry>,
  ): void {
    let dueMs = Infinity;
    for (let i = 0; i < byRule.length; i += 1) {
      const held = byRule[i];
      if (held === undefined) continue;
      const rule = this.rules.windows[i];
      if (rule !== undefined && watermarkMs >= held.dueMs) this.#settleDue(device, rule, held, watermarkMs, offset, draft); // prettier-ignore
      this.#current[i]?.hold(device.index, held);
      dueMs = Math.min(dueMs, held.dueMs);
    }
    for (let i = this.#dueMs.length; i <= device.index; i += 1) this.#dueMs.push(-Infinity);
    this.#dueMs[device.index] = dueMs;
  }

  /** Ends and closes what the watermark has reached. */
  #settleDue(
    device: Device,
    rule: WindowRule,
    held: RuleWindows,
    watermarkMs: number,
    offset: Offset,
    draft: Draft<Telemetry>,
  ): void {
    held.dueMs = Infinity;
    if (!rule.span.kind.isOfTime) return;
    const { windows } = held;
    for (let at = 0; at < windows.length; at += 1) {
      const window = windows[at];
      if (window === undefined) continue;
      const endMs = rule.span.endOf(window.startMs, window.newestAfterMs);
      const isClosed = watermarkMs >= endMs + rule.allowedLatenessMs;
      if (watermarkMs >= endMs) this.#end(device, rule, held, window, isClosed, offset, draft);
      if (isClosed) windows.splice(at--, 1);
      else held.dueMs = Math.min(held.dueMs, watermarkMs >= endMs ? endMs + rule.allowedLatenessMs : endMs);
    }
    if (held.partialUntilMs > -Infinity && forgetsPartial(held, rule, watermarkMs)) this.state.touch(device);
  }

  /** Tells the rows that had not ended before; all of them when the window closes. */
  #end(
    device: Device,
    rule: WindowRule,
    held: RuleWindows,
    window: OpenWindow,
    isClosed: boolean,
    offset: Offset,
    draft: Draft<Telemetry>,
  ): void {
    for (let position = 0; position < rule.metrics.length; position += 1) {
      if (window.countOf(position) === 0) continue;
      const isEnd = window.revisionOf(position) === 0;
      if (isEnd) window.revise(position);
      if (!isClosed && !isEnd) continue;
      this.state.touch(device);
      this.#add(device, rule, held, { window, position, isClosed }, isEnd, offset, draft);
    }
  }

  #add(
    device: Device,
    rule: WindowRule,
    { partialUntilMs }: RuleWindows,
    { window, position, isClosed }: Touched,
    isEnd: boolean,
    offset: Offset,
    draft: Draft<Telemetry>,
  ): void {
    const result = windowResult({
      rule: rule.id,
      device: device.id,
      metric: this.#names[rule.metrics[position] ?? -1] ?? '',
      span: rule.span,
      startMs: window.startMs,
      row: rowAt(window.rows, position),
      statistics: rule.statistics,
      more: window.more?.[position] ?? null,
      isClosed,
      isCut: window.startMs < partialUntilMs,
    });
    draft.addWindow(Object.assign(result, { offset, isEnd }));
  }
}

/** Once no window that begins before can be open any more. */
const forgetsPartial = (held: RuleWindows, { span, allowedLatenessMs }: WindowRule, watermarkMs: number): boolean => {
  const overMs = span.lastEndOf(held.partialUntilMs - 1) + allowedLatenessMs;
  if (watermarkMs >= overMs && held.windows.every(({ startMs }) => startMs >= held.partialUntilMs)) {
    held.partialUntilMs = -Infinity;
    return true;
  }
  held.dueMs = Math.min(held.dueMs, Math.max(overMs, watermarkMs + 1));
  return false;
};
