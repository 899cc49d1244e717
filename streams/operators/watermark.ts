import { map as mapRight } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import type { Draft } from '../chunks/draft.js';
import { throughRecords } from '../chunks/through-records.js';
import type { Chunk, Sourced } from '../model/chunk.js';
import type { Device } from '../model/device.js';
import type { Telemetry } from '../model/telemetry.js';
import type { Offset } from '../model/units.js';
import { planner } from '../rules/planner.js';
import type { WindowRule } from '../rules/rules.js';
import type { PipelineSettings } from '../rules/settings.js';
import { type LogTime, logTimeMemory } from '../state/log-time.js';
import { orAbsent } from '../state/or-absent.js';
import { ConstantBytes } from '../state/json/constant-bytes.js';
import { memory, type Memory, type PartitionState, type WriteJson } from '../state/partition-state.js';
import { tickOf } from '../windows/span.js';

/** A device's clock: an array of doubles. Epoch ms; −Infinity before its first record. */
type DeviceClock = [
  /** Greatest event time admitted. */
  eventMs: number,
  /** As `eventMs`, or further when log time moved it. */
  watermarkMs: number,
  /** Log time when it was last heard of. */
  heardMs: number,
];
const [eventMs, watermarkMs, heardMs] = [0, 1, 2] as const;

/**
 * Moves each device's watermark, turns away what is late, and moves on the clocks of quiet devices.
 *
 * A record is late when the watermark of its device is at or past the time at which the last window it could be in closes; it then touches
 * nothing. Log time is the partition's greatest Kafka timestamp; whenever it crosses a tick (a tenth of the shortest window, at least 1 s), each
 * device not heard of for the allowed lateness of a rule whose newest window would be closed by then gets its watermark moved to that very point.
 *
 *     source   -a-b--c-d-|     event times a 1, b 4, c 12, d 3; tumbling 10, allowed lateness 0
 *     result   -a-b--c-L-|     L: d is a dead letter, `late` by 9 ms
 *
 * - Memory: three numbers per device, and the partition's log time and the lateness its rules allow, in `state`; saved with the offset.
 * - Completion: passed on.
 * - Errors: pass through.
 * - Purity: no clock; both event and ingest time come with the record.
 * - Cost: a few comparisons per record; one look at every device of the partition per tick of log time.
 */
export const watermark =
  (
    { rules, time }: Pick<PipelineSettings, 'time' | 'rules'>,
    state: PartitionState,
  ): MonoTypeOperatorFunction<Chunk<Telemetry>> =>
  (chunks$) =>
    defer(() => {
      const planOf = planner(rules);
      const clockOf = state.ofDevice(clockMemory);
      const logTime = state.ofPartition(logTimeMemory);
      const tickMs = tickOf(rules.windows.map(({ span }) => span));
      const allowed = state.ofPartition(allowedMemory);
      const isLess = rules.windows.some(({ id, allowedLatenessMs }) => allowedLatenessMs < (allowed.latenessMs.get(id) ?? -Infinity)); // prettier-ignore
      let isReconciled = false;
      const step = (record: Sourced<Telemetry>, draft: Draft<Telemetry>): void => {
        const telemetry = record.value;
        const { device, profile, eventTimeMs } = telemetry;
        const clock = clockOf(device);
        const beforeMs = clock[watermarkMs];
        if (eventTimeMs < beforeMs && lastCloseOf(planOf(device, profile).plan.windows, eventTimeMs) <= beforeMs) {
          draft.turnAway(record.origin, late(beforeMs - eventTimeMs));
          return;
        }
        const { offset, timestampMs } = record.origin;
        if (!isReconciled) {
          isReconciled = true;
          if (isLess) tellAgain(state, clockOf, offset, draft);
          allowed.latenessMs = new Map(rules.windows.map(({ id, allowedLatenessMs }) => [id, allowedLatenessMs]));
          draft.confirm();
        }
        const logBeforeMs = logTime.timeMs;
        logTime.see(timestampMs, time.maxAheadMs);
        telemetry.watermarkBeforeMs = beforeMs;
        telemetry.watermarkMs = Math.max(beforeMs, eventTimeMs);
        clock[eventMs] = Math.max(clock[eventMs], eventTimeMs);
        clock[watermarkMs] = telemetry.watermarkMs;
        clock[heardMs] = Math.max(clock[heardMs], Math.min(timestampMs, logTime.timeMs));
        state.touch(device);
        const boundaryMs = tickCrossed(logBeforeMs, logTime, tickMs);
        if (boundaryMs !== null) sweep(state, clockOf, rules.windows, boundaryMs, offset, draft);
        draft.keep(record);
      };
      return chunks$.pipe(map((chunk) => throughRecords<Telemetry, Telemetry>('watermark', chunk, step)));
    });

/** When the last window of a rule that a reading of that time can be in closes, epoch ms; −Infinity for windows that time does not close. */
const closesAt = ({ span, allowedLatenessMs }: WindowRule, eventTimeMs: number): number =>
  span.lastEndOf(eventTimeMs) + allowedLatenessMs;

/** The same of all rules; Infinity where no window is closed by time. */
const lastCloseOf = (windows: readonly WindowRule[], eventTimeMs: number): number => {
  let lastMs = -Infinity;
  for (const rule of windows) lastMs = Math.max(lastMs, closesAt(rule, eventTimeMs));
  return lastMs === -Infinity ? Infinity : lastMs;
};

const late = (lateByMs: number) =>
  ({
    _tag: 'late',
    lateByMs,
    message: `${lateByMs} ms behind its device's watermark, and every window for it is closed`,
  }) as const;

/** The tick that log time reached with this record; null when it is still in the same one. */
const tickCrossed = (beforeMs: number, { timeMs }: LogTime, tickMs: number): number | null => {
  const tick = Math.floor(timeMs / tickMs);
  return tick > Math.floor(beforeMs / tickMs) ? tick * tickMs : null;
};

/**
 * Tells where all clocks stand: a rule that allows less lateness than the one in force before may close windows of devices that are quiet now, and
 * that log time has moved as far as it ever will.
 */
const tellAgain = (
  state: PartitionState,
  clockOf: (device: Device) => DeviceClock,
  before: Offset,
  draft: Draft<unknown>,
): void => {
  const heard: (readonly [device: Device, watermarkMs: number])[] = [];
  for (const device of state.devices()) {
    const at = clockOf(device)[watermarkMs];
    if (at > -Infinity) heard.push([device, at]);
  }
  advanceAll(heard, before, draft);
};

/** In order of device id: whatever order the devices became known in, a restart closes their windows in the same one. */
const advanceAll = (
  clocks: (readonly [device: Device, watermarkMs: number])[],
  before: Offset,
  draft: Draft<unknown>,
): void => {
  clocks.sort(([a], [b]) => (a.id < b.id ? -1 : 1));
  for (const [device, watermarkMs] of clocks) draft.addAdvance({ device, watermarkMs, before });
};

/** Goes by the windows of all rules: which of them match a device is known only with its next record. */
const sweep = (
  state: PartitionState,
  clockOf: (device: Device) => DeviceClock,
  windows: readonly WindowRule[],
  boundaryMs: number,
  before: Offset,
  draft: Draft<Telemetry>,
): void => {
  const quiet: (readonly [device: Device, closesMs: number])[] = [];
  for (const device of state.devices()) {
    const clock = clockOf(device);
    const closesMs = closedBy(windows, clock, boundaryMs);
    if (closesMs <= clock[watermarkMs]) continue;
    clock[watermarkMs] = closesMs;
    state.touch(device);
    quiet.push([device, closesMs]);
  }
  advanceAll(quiet, before, draft);
};

/** When the newest of a quiet device's windows that log time has left behind closed, epoch ms; −Infinity when it left none behind. */
const closedBy = (windows: readonly WindowRule[], clock: DeviceClock, boundaryMs: number): number => {
  let closesMs = -Infinity;
  for (const rule of windows) {
    if (clock[heardMs] + rule.allowedLatenessMs >= boundaryMs) continue;
    const ofRuleMs = closesAt(rule, clock[eventMs]);
    if (ofRuleMs <= boundaryMs) closesMs = Math.max(closesMs, ofRuleMs);
  }
  return closesMs;
};

/** Written once the device was heard of; the other two by how far they are ahead of `eventMs`, where they are. */
const StoredClock = t.type({
  eventMs: t.number,
  watermarkAfterMs: orAbsent(t.number),
  heardAfterMs: orAbsent(t.number),
});

const member = {
  event: new ConstantBytes('{"eventMs":'),
  watermarkAfter: new ConstantBytes(',"watermarkAfterMs":'),
  heardAfter: new ConstantBytes(',"heardAfterMs":'),
  end: new ConstantBytes('}'),
};

/** A distance of 0, which most are, is not written. */
const writeClock =
  (clock: DeviceClock): WriteJson =>
  (json) => {
    const atMs = clock[eventMs];
    json.constant(member.event);
    json.number(atMs);
    if (clock[watermarkMs] !== atMs) {
      json.constant(member.watermarkAfter);
      json.number(clock[watermarkMs] - atMs);
    }
    if (clock[heardMs] !== atMs) {
      json.constant(member.heardAfter);
      json.number(clock[heardMs] - atMs);
    }
    json.constant(member.end);
    return true;
  };

/** By rule of windows the lateness by which its windows were closed last, ms. */
const allowedMemory = memory<{ latenessMs: ReadonlyMap<string, number> }, Readonly<Record<string, number>>>({
  name: 'lateness',
  create: () => ({ latenessMs: new Map() }),
  stored: t.record(t.string, t.number),
  store: ({ latenessMs }) => Object.fromEntries(latenessMs),
  restore: (stored) => ({ latenessMs: new Map(Object.entries(stored)) }),
});

const clockMemory: Memory<DeviceClock> = {
  name: 'watermark',
  create: () => [-Infinity, -Infinity, -Infinity],
  encode: (clock) => (clock[eventMs] === -Infinity ? undefined : writeClock(clock)),
  decode: (value) =>
    mapRight((stored: t.TypeOf<typeof StoredClock>): DeviceClock => [
      stored.eventMs,
      stored.eventMs + (stored.watermarkAfterMs ?? 0),
      stored.eventMs + (stored.heardAfterMs ?? 0),
    ])(StoredClock.decode(value)),
};
