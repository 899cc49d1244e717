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
import { memory, type PartitionState } from '../state/partition-state.js';

/** A device's clock. Epoch ms; −Infinity before its first record. */
interface DeviceClock {
  /** Greatest event time admitted. */
  eventMs: number;
  /** As `eventMs`, or further when log time moved it. */
  watermarkMs: number;
  /** Log time when it was last heard of. */
  heardMs: number;
}

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
        if (closesAt(telemetry.eventTimeMs, settings) <= clock.watermarkMs) {
          draft.turnAway(record.origin, late(clock.watermarkMs - telemetry.eventTimeMs));
          return;
        }
        const { offset, timestampMs } = record.origin;
        const beforeMs = logTime.timeMs;
        logTime.see(timestampMs, settings.time.maxAheadMs);
        telemetry.watermarkBeforeMs = clock.watermarkMs;
        clock.eventMs = Math.max(clock.eventMs, telemetry.eventTimeMs);
        clock.watermarkMs = Math.max(clock.watermarkMs, clock.eventMs);
        clock.heardMs = Math.max(clock.heardMs, Math.min(timestampMs, logTime.timeMs));
        telemetry.watermarkMs = clock.watermarkMs;
        state.touch(telemetry.device);
        const boundaryMs = tickCrossed(beforeMs, logTime, settings.window.sizeMs);
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
    const { eventMs, watermarkMs, heardMs } = clockOf(device);
    const closesMs = closesAt(eventMs, settings);
    const isQuiet = heardMs + settings.window.allowedLatenessMs < boundaryMs;
    if (isQuiet && watermarkMs < closesMs && closesMs <= boundaryMs) quiet.push(device);
  }
  quiet.sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const device of quiet) {
    const clock = clockOf(device);
    clock.watermarkMs = closesAt(clock.eventMs, settings);
    state.touch(device);
    draft.addAdvance({ device, watermarkMs: clock.watermarkMs, before });
  }
};

const orNull = t.union([t.number, t.null]);
const StoredClock = t.type({ eventMs: orNull, watermarkMs: orNull, heardMs: orNull });
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const clockMemory = memory<DeviceClock, t.TypeOf<typeof StoredClock>>({
  name: 'watermark',
  create: () => ({ eventMs: -Infinity, watermarkMs: -Infinity, heardMs: -Infinity }),
  stored: StoredClock,
  store: ({ eventMs, watermarkMs, heardMs }) => ({
    eventMs: finite(eventMs),
    watermarkMs: finite(watermarkMs),
    heardMs: finite(heardMs),
  }),
  restore: ({ eventMs, watermarkMs, heardMs }) => ({
    eventMs: eventMs ?? -Infinity,
    watermarkMs: watermarkMs ?? -Infinity,
    heardMs: heardMs ?? -Infinity,
  }),
});
