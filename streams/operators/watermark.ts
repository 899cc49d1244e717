import { map as mapRight } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import type { Draft } from '../chunks/draft.js';
import { throughRecords } from '../chunks/through-records.js';
import type { Chunk, Sourced } from '../model/chunk.js';
import type { Device } from '../model/device.js';
import type { PipelineSettings } from '../model/settings.js';
import type { Telemetry } from '../model/telemetry.js';
import type { Offset } from '../model/units.js';
import { type LogTime, logTimeMemory } from '../state/log-time.js';
import type { Memory, PartitionState } from '../state/partition-state.js';

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
 * A record is late when the watermark of its device is at or past the end of its window plus `allowedLatenessMs`; it then touches
 * nothing. Log time is the partition's greatest Kafka timestamp; whenever it crosses a tick (a tenth of the window, at least 1 s), each
 * device not heard of for `allowedLatenessMs` whose newest window would be closed by then gets its watermark moved to that very point.
 *
 *     source   -a-b--c-d-|     event times a 1, b 4, c 12, d 3; sizeMs 10, allowedLatenessMs 0
 *     result   -a-b--c-L-|     L: d is a dead letter, `late` by 9 ms
 *
 * - Memory: three numbers per device, and the partition's log time, in `state`; saved with the offset.
 * - Completion: passed on.
 * - Errors: pass through.
 * - Purity: no clock; both event and ingest time come with the record.
 * - Cost: a few comparisons per record; one look at every device of the partition per tick of log time.
 */
export const watermark =
  (
    settings: Pick<PipelineSettings, 'time' | 'window'>,
    state: PartitionState,
  ): MonoTypeOperatorFunction<Chunk<Telemetry>> =>
  (chunks$) =>
    defer(() => {
      const clockOf = state.ofDevice(clockMemory);
      const logTime = state.ofPartition(logTimeMemory);
      const step = (record: Sourced<Telemetry>, draft: Draft<Telemetry>): void => {
        const telemetry = record.value;
        const clock = clockOf(telemetry.device);
        const beforeMs = clock[watermarkMs];
        if (closesAt(telemetry.eventTimeMs, settings) <= beforeMs) {
          draft.turnAway(record.origin, late(beforeMs - telemetry.eventTimeMs));
          return;
        }
        const { offset, timestampMs } = record.origin;
        const logBeforeMs = logTime.timeMs;
        logTime.see(timestampMs, settings.time.maxAheadMs);
        telemetry.watermarkBeforeMs = beforeMs;
        telemetry.watermarkMs = Math.max(beforeMs, telemetry.eventTimeMs);
        clock[eventMs] = Math.max(clock[eventMs], telemetry.eventTimeMs);
        clock[watermarkMs] = telemetry.watermarkMs;
        clock[heardMs] = Math.max(clock[heardMs], Math.min(timestampMs, logTime.timeMs));
        state.touch(telemetry.device);
        const boundaryMs = tickCrossed(logBeforeMs, logTime, settings.window.sizeMs);
        if (boundaryMs !== null) sweep(state, clockOf, boundaryMs, offset, settings, draft);
        draft.keep(record);
      };
      return chunks$.pipe(map((chunk) => throughRecords<Telemetry, Telemetry>('watermark', chunk, step)));
    });

/** When the window that holds an event time closes. */
const closesAt = (eventTimeMs: number, { window }: Pick<PipelineSettings, 'window'>): number =>
  Math.floor(eventTimeMs / window.sizeMs) * window.sizeMs + window.sizeMs + window.allowedLatenessMs;

const late = (lateByMs: number) =>
  ({
    _tag: 'late',
    lateByMs,
    message: `${lateByMs} ms behind its device's watermark, and its window is closed`,
  }) as const;

/** The tick that log time reached with this record; null when it is still in the same one. */
const tickCrossed = (beforeMs: number, { timeMs }: LogTime, sizeMs: number): number | null => {
  const tickMs = Math.max(1_000, sizeMs / 10);
  const tick = Math.floor(timeMs / tickMs);
  return tick > Math.floor(beforeMs / tickMs) ? tick * tickMs : null;
};

/** In order of device id: whatever order the devices became known in, a restart closes their windows in the same one. */
const sweep = (
  state: PartitionState,
  clockOf: (device: Device) => DeviceClock,
  boundaryMs: number,
  before: Offset,
  settings: Pick<PipelineSettings, 'window'>,
  draft: Draft<Telemetry>,
): void => {
  const quiet: Device[] = [];
  for (const device of state.devices()) {
    const clock = clockOf(device);
    const closesMs = closesAt(clock[eventMs], settings);
    const isQuiet = clock[heardMs] + settings.window.allowedLatenessMs < boundaryMs;
    if (isQuiet && clock[watermarkMs] < closesMs && closesMs <= boundaryMs) quiet.push(device);
  }
  quiet.sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const device of quiet) {
    const clock = clockOf(device);
    const closesMs = closesAt(clock[eventMs], settings);
    clock[watermarkMs] = closesMs;
    state.touch(device);
    draft.addAdvance({ device, watermarkMs: closesMs, before });
  }
};

/** Written once the device was heard of; the other two by how far they are ahead of `eventMs`. */
const StoredClock = t.type({ eventMs: t.number, watermarkAfterMs: t.number, heardAfterMs: t.number });

const clockMemory: Memory<DeviceClock> = {
  name: 'watermark',
  create: () => [-Infinity, -Infinity, -Infinity],
  encode: (clock) =>
    clock[eventMs] === -Infinity
      ? undefined
      : {
          eventMs: clock[eventMs],
          watermarkAfterMs: clock[watermarkMs] - clock[eventMs],
          heardAfterMs: clock[heardMs] - clock[eventMs],
        },
  decode: (value) =>
    mapRight((stored: t.TypeOf<typeof StoredClock>): DeviceClock => [
      stored.eventMs,
      stored.eventMs + stored.watermarkAfterMs,
      stored.eventMs + stored.heardAfterMs,
    ])(StoredClock.decode(value)),
};
