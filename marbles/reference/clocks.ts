import type { Sourced } from '../../streams/model/chunk.js';
import type { TestSettings } from '../kit/settings.js';
import type { Telemetry } from '../../streams/model/telemetry.js';

type One = Sourced<Telemetry>;

/** Works everything out anew at every record, from what was admitted before it. */
export const clocksOf = (given: readonly One[], settings: TestSettings) => {
  const { sizeMs, allowedLatenessMs } = settings.window;
  const tickMs = Math.max(1_000, sizeMs / 10);
  const closesMs = (atMs: number) => (Math.floor(atMs / sizeMs) + 1) * sizeMs + allowedLatenessMs;
  const admitted: One[] = [];
  const late: number[][] = [];
  const moved: (readonly [device: string, watermarkMs: number, before: number])[] = [];
  const timesOf = (device: string) =>
    admitted.flatMap(({ value }) => (value.device.id === device ? [value.eventTimeMs] : []));
  const watermarkOf = (device: string) =>
    Math.max(-Infinity, ...timesOf(device), ...moved.flatMap(([id, toMs]) => (id === device ? [toMs] : [])));
  for (const record of given) {
    const { device, eventTimeMs } = record.value;
    const mark = watermarkOf(device.id);
    if (closesMs(eventTimeMs) <= mark) {
      late.push([record.origin.offset, mark - eventTimeMs]);
      continue;
    }
    const logBefore = logTimes(admitted, settings).at(-1) ?? -Infinity;
    admitted.push(record);
    const logTime = logTimes(admitted, settings);
    const now = logTime.at(-1) ?? -Infinity;
    const boundaryMs = Math.floor(now / tickMs) * tickMs;
    if (boundaryMs <= logBefore) continue;
    for (const id of [...new Set(admitted.map(({ value }) => value.device.id))].sort()) {
      const heardMs = Math.max(
        ...admitted.map((one, i) =>
          one.value.device.id === id ? Math.min(one.origin.timestampMs, logTime[i] ?? 0) : -Infinity,
        ),
      );
      const toMs = closesMs(Math.max(...timesOf(id)));
      if (heardMs + allowedLatenessMs < boundaryMs && toMs <= boundaryMs && watermarkOf(id) < toMs)
        moved.push([id, toMs, record.origin.offset]);
    }
  }
  return { late, moved };
};

/** Log time after each record: the greatest timestamp, leaps apart; a leap counts once 16 in a row are beyond it. */
const logTimes = (admitted: readonly One[], { time }: TestSettings): readonly number[] => {
  let now = -Infinity;
  let since = 0;
  return admitted.map(({ origin: { timestampMs } }, i) => {
    const isLeap = now !== -Infinity && timestampMs > now + time.maxAheadMs;
    if (!isLeap) {
      now = Math.max(now, timestampMs);
      since = i + 1;
    } else if (i - since === 15) {
      now = Math.min(...admitted.slice(since, i + 1).map(({ origin }) => origin.timestampMs));
      since = i + 1;
    }
    return now;
  });
};
