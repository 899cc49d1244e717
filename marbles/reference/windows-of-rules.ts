import type { ClockAdvance, Sourced } from '../../streams/model/chunk.js';
import type { Telemetry } from '../../streams/model/telemetry.js';
import type { Rules, WindowRule } from '../../streams/rules/rules.js';
import { byKey } from './in-and-out.js';

interface Value {
  readonly value: number;
  readonly atMs: number;
  readonly offset: number;
  /** Watermark of the device before it came. */
  readonly beforeMs: number;
}

/** A device's watermark after something happened to it, with the value that came, if one did. */
interface Moment {
  readonly offset: number;
  readonly watermarkMs: number;
  readonly value: Value | null;
}

/** What is told of a window, and when. */
export interface Told {
  readonly key: string;
  readonly offset: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly values: readonly number[];
  /** Of those values, in the same order, ms after the start. */
  readonly timesMs: readonly number[];
  readonly revision: number;
  readonly isClosed: boolean;
  readonly isEnd: boolean;
}

/** Windows of every kind, each worked out anew from all values after every moment of its device. */
export const windowsOfRules = (
  records: readonly Sourced<Telemetry>[],
  advances: readonly ClockAdvance[],
  { windows, metrics }: Rules,
): readonly Told[] =>
  [...byKey(records, ({ value }) => value.device.id)].flatMap(([device, ofDevice]) =>
    windows.flatMap((rule) =>
      rule.metrics.flatMap((slot) => {
        const moments = momentsOf(device, ofDevice, advances, slot);
        const key = `${rule.id} ${device} ${metrics[slot]?.name ?? ''}`;
        return toldOf(rule, moments).map((told) => ({ key, ...told }));
      }),
    ),
  );

const momentsOf = (
  device: string,
  records: readonly Sourced<Telemetry>[],
  advances: readonly ClockAdvance[],
  slot: number,
): readonly Moment[] =>
  [
    ...records.map(({ value, origin }): Moment => {
      const { readings, eventTimeMs, watermarkMs, watermarkBeforeMs } = value;
      const reading = { atMs: eventTimeMs, offset: origin.offset, beforeMs: watermarkBeforeMs };
      const number = readings[slot] ?? NaN;
      return { offset: origin.offset, watermarkMs, value: Number.isNaN(number) ? null : { value: number, ...reading } };
    }),
    ...advances.flatMap(({ device: moved, watermarkMs, before }): readonly Moment[] =>
      moved.id === device ? [{ offset: before - 0.5, watermarkMs, value: null }] : [],
    ),
  ].sort((a, b) => a.offset - b.offset);

type Said = Omit<Told, 'key'>;

const toldOf = (rule: WindowRule, moments: readonly Moment[]): readonly Said[] => {
  const values = moments.flatMap(({ value }) => value ?? []);
  const { span } = rule;
  const { size = NaN, every = size, gap = NaN } = span.settings;
  switch (span.kind.name) {
    case 'tumbling':
    case 'hopping':
      return spaced(rule, size, every, values, moments);
    case 'session':
      return sessions(rule, gap, moments);
    case 'count':
      return counts(size, values);
    default:
      throw new Error(`there is no reference for windows of the kind ${span.kind.name}`);
  }
};

/** Windows of one size that begin every so often. */
const spaced = (
  rule: WindowRule,
  sizeMs: number,
  everyMs: number,
  values: readonly Value[],
  moments: readonly Moment[],
): readonly Said[] => {
  const all = new Set<number>();
  for (const { atMs } of values)
    for (let start = Math.floor(atMs / everyMs) * everyMs; start + sizeMs > atMs; start -= everyMs) all.add(start);
  return [...all].flatMap((startMs) => {
    const endMs = startMs + sizeMs;
    const reached = (atMs: number) => moments.find(({ watermarkMs }) => watermarkMs >= atMs)?.offset ?? Infinity;
    const [endsAt, closesAt] = [reached(endMs), reached(endMs + rule.allowedLatenessMs)];
    const held = values.filter(({ atMs, offset }) => atMs >= startMs && atMs < endMs && offset < closesAt);
    const inTime = held.filter(({ offset }) => offset < endsAt).length;
    const first = inTime > 0 ? 1 : 0;
    const version = (count: number, revision: number, isClosed: boolean, at: number, isEnd: boolean): Said =>
      said(startMs, endMs, held.slice(0, count), { revision, isClosed, isEnd, offset: Math.ceil(at) });
    const isEndOfAll = first === 1 && endsAt === closesAt;
    return [
      ...(first === 1 && endsAt < closesAt ? [version(inTime, 1, false, endsAt, true)] : []),
      ...held.slice(inTime).map(({ offset }, i) => version(inTime + i + 1, first + i + 1, false, offset, false)),
      ...(closesAt < Infinity && held.length > 0
        ? [version(held.length, first + held.length - inTime, true, closesAt, isEndOfAll)]
        : []),
    ];
  });
};

/** Values that are less than a gap apart, as of all that came so far. What has closed is out of the game. */
const sessions = ({ allowedLatenessMs }: WindowRule, gapMs: number, moments: readonly Moment[]): readonly Said[] => {
  let open: Value[] = [];
  /** Of each value the last revision in which it was told. */
  const revisions = new Map<Value, number>();
  const told: Said[] = [];
  const tell = (session: readonly Value[], revision: number, isClosed: boolean, isEnd: boolean, at: number): void => {
    for (const value of session) revisions.set(value, revision);
    const startMs = session[0]?.atMs ?? NaN;
    told.push(said(startMs, endIn(session), session, { revision, isClosed, isEnd, offset: Math.ceil(at) }));
  };
  const endIn = (session: readonly Value[]): number => (session.at(-1)?.atMs ?? NaN) + gapMs;
  const revisionOf = (session: readonly Value[]) => Math.max(...session.map((value) => revisions.get(value) ?? 0));
  for (const { offset, watermarkMs, value } of moments) {
    if (value !== null) {
      const joined = cut([...open, value], gapMs).find((session) => session.includes(value)) ?? [];
      if (joined.length > 1 || value.beforeMs < value.atMs + gapMs + allowedLatenessMs) {
        open.push(value);
        const revision = revisionOf(joined);
        if (revision > 0 || value.beforeMs >= endIn(joined)) tell(joined, revision + 1, false, false, offset);
      }
    }
    for (const session of cut(open, gapMs)) {
      const [endMs, before] = [endIn(session), revisionOf(session)];
      if (watermarkMs < endMs) continue;
      const isClosed = watermarkMs >= endMs + allowedLatenessMs;
      if (before === 0 || isClosed) tell(session, Math.max(1, before), isClosed, before === 0, offset);
      if (isClosed) open = open.filter((one) => !session.includes(one));
    }
  }
  return told;
};

const inOrder = (values: readonly Value[]): readonly Value[] =>
  values.toSorted((a, b) => a.atMs - b.atMs || a.offset - b.offset);

const cut = (values: readonly Value[], gapMs: number): readonly (readonly Value[])[] => {
  const sorted = inOrder(values);
  const starts = sorted.flatMap(({ atMs }, i) => (atMs - (sorted[i - 1]?.atMs ?? -Infinity) >= gapMs ? [i] : []));
  return starts.map((start, i) => sorted.slice(start, starts[i + 1]));
};

/** So many in the order they came. None begins where the one before did. */
const counts = (size: number, values: readonly Value[]): readonly Said[] => {
  let lastStartMs = -Infinity;
  const full = values.flatMap((_, i) => (i % size === size - 1 ? [values.slice(i + 1 - size, i + 1)] : []));
  return full.map((held) => {
    lastStartMs = Math.max(held[0]?.atMs ?? NaN, lastStartMs + 1);
    const endMs = Math.max(lastStartMs, ...held.map(({ atMs }) => atMs)) + 1;
    const offset = held.at(-1)?.offset ?? NaN;
    return said(lastStartMs, endMs, held, { revision: 1, isClosed: true, isEnd: true, offset });
  });
};

const said = (
  startMs: number,
  endMs: number,
  held: readonly Value[],
  of: Pick<Told, 'revision' | 'isClosed' | 'isEnd' | 'offset'>,
): Said => {
  const sorted = inOrder(held);
  const timesMs = sorted.map(({ atMs }) => atMs - startMs);
  return { startMs, endMs, values: sorted.map(({ value }) => value), timesMs, ...of };
};
