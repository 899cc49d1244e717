import type { ClockAdvance, Sourced } from '../../streams/model/chunk.js';
import type { TestSettings } from '../kit/settings.js';
import type { Telemetry } from '../../streams/model/telemetry.js';
import { asOffset } from '../../streams/model/units.js';
import type { ToldWindow, WindowResult } from '../../streams/model/window.js';
import { plainWindow } from '../../streams/plain-rules.js';
import { byKey, present } from './in-and-out.js';

interface Value {
  readonly value: number;
  readonly atMs: number;
  readonly offset: number;
}

/** A device's watermark after something happened to it, in order. */
interface Moment {
  readonly offset: number;
  readonly watermarkMs: number;
}

/** Every window keeps all its values; when it ends and closes is looked up in its device's whole history. */
export const windowsOf = (
  records: readonly Sourced<Telemetry>[],
  advances: readonly ClockAdvance[],
  settings: TestSettings,
): readonly ToldWindow[] =>
  [...byKey(records, ({ value }) => value.device.id)].flatMap(([device, ofDevice]) => {
    const moments: Moment[] = [
      ...ofDevice.map(({ value, origin }) => ({ offset: origin.offset, watermarkMs: value.watermarkMs })),
      ...advances.flatMap(({ device: moved, watermarkMs, before }) =>
        moved.id === device ? [{ offset: before - 0.5, watermarkMs }] : [],
      ),
    ].sort((a, b) => a.offset - b.offset);
    return settings.metrics.flatMap(({ name }, index) => {
      const values = ofDevice.flatMap(({ value: telemetry, origin }) =>
        present(telemetry).flatMap(([metric, value]) =>
          metric === index ? [{ value, atMs: telemetry.eventTimeMs, offset: origin.offset }] : [],
        ),
      );
      const { sizeMs } = settings.window;
      const starts = byKey(values, ({ atMs }) => String(Math.floor(atMs / sizeMs) * sizeMs));
      return [...starts].flatMap(([start, held]) =>
        versions({ device, metric: name, startMs: Number(start) }, held, moments, settings),
      );
    });
  });

const versions = (
  key: Pick<WindowResult, 'device' | 'metric' | 'startMs'>,
  held: readonly Value[],
  moments: readonly Moment[],
  { window: { sizeMs, allowedLatenessMs } }: TestSettings,
): readonly ToldWindow[] => {
  const endMs = key.startMs + sizeMs;
  const reached = (atMs: number) => moments.find(({ watermarkMs }) => watermarkMs >= atMs)?.offset ?? Infinity;
  const [endsAt, closesAt] = [reached(endMs), reached(endMs + allowedLatenessMs)];
  const inTime = held.filter(({ offset }) => offset < endsAt);
  const corrections = held.filter(({ offset }) => offset > endsAt);
  const version = (count: number, revision: number, isClosed: boolean, at: number, isEnd: boolean): ToldWindow => ({
    rule: plainWindow,
    ...key,
    endMs,
    ...folded(held.slice(0, count)),
    revision,
    isClosed,
    isCut: false,
    more: {},
    offset: asOffset(Math.ceil(at)),
    isEnd,
  });
  const first = inTime.length > 0 ? 1 : 0;
  return [
    ...(first === 1 && endsAt < closesAt ? [version(inTime.length, 1, false, endsAt, true)] : []),
    ...corrections.map(({ offset }, i) => version(inTime.length + i + 1, first + i + 1, false, offset, false)),
    ...(closesAt < Infinity
      ? [version(held.length, first + corrections.length, true, closesAt, first === 1 && endsAt === closesAt)]
      : []),
  ];
};

const folded = (held: readonly Value[]) => {
  const sorted = [...held].sort((a, b) => a.atMs - b.atMs || a.offset - b.offset).map(({ value }) => value);
  const count = sorted.length;
  const sum = sorted.reduce((a, b) => a + b, 0);
  const mean = sum / count;
  const variance = sorted.reduce((squares, value) => squares + (value - mean) ** 2, 0) / count;
  return {
    count,
    sum,
    min: Math.min(...sorted),
    max: Math.max(...sorted),
    mean,
    variance,
    first: sorted[0] ?? NaN,
    last: sorted.at(-1) ?? NaN,
  };
};
