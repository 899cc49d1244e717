import type { Expected, ExpectedAlert, ExpectedDevice, ExpectedWindow } from '../oracle/fold.js';
import { rules } from '../oracle/rules.js';
import { unequal } from './equal.js';
import { type Found, member } from './found.js';

export interface Compared {
  readonly topic: string;
  readonly partition: number;
  readonly expected: Expected;
  readonly found: Found;
  /** How many closed windows a device and metric, and how many cleared alerts a partition keeps. */
  readonly keepWindows: number;
  readonly keepAlerts: number;
}

/** Everything in which the store differs from what folding the partition gives; empty when nothing does. */
export const differences = (compared: Compared): readonly string[] => {
  const { topic, partition, expected, found } = compared;
  const { next, tally, logTime } = expected;
  const { dedupeMs } = expected.told;
  return [
    ...unequal(found.next, next === 0 ? null : next, 'next'),
    ...unequal(member(found.own, 'tally'), tally, 'tally'),
    ...unequal(member(found.own, 'logTime'), { timeMs: finite(logTime.timeMs), ahead: logTime.ahead }, 'logTime'),
    ...unequalMaps(
      found.devices,
      mapped(expected.devices, (device) => deviceOf(device, dedupeMs)),
      'device',
      (device) => withoutStaleIds(device, dedupeMs),
    ),
    ...(found.windows === null ? [] : unequalMaps(found.windows, closedWindows(compared), 'window')),
    ...unequalMaps(found.alerts, keptAlerts(compared), 'alert'),
    ...unequalIndexes(compared),
  ].map((difference) => `${topic}-${partition}: ${difference}`);
};

const unequalIndexes = (compared: Compared): readonly string[] => {
  const { indexes } = compared.found;
  if (indexes === null) return [];
  const cleared = [...keptAlerts(compared)].flatMap(([id, alert]) => {
    const offset = member(alert, 'clearedOffset');
    return offset === null ? [] : [[id, offset] as const];
  });
  return [
    ...unequal(indexes.ids, [...compared.expected.devices.keys()].sort(byBytes), 'ids'),
    ...unequal(indexes.cleared, Object.fromEntries(cleared), 'cleared'),
  ];
};

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const unequalMaps = (
  found: ReadonlyMap<string, unknown>,
  expected: ReadonlyMap<string, unknown>,
  what: string,
  seen: (value: unknown) => unknown = (value) => value,
): readonly string[] =>
  [...new Set([...expected.keys(), ...found.keys()])].flatMap((key) =>
    unequal(seen(found.get(key)), expected.get(key), `${what} ${key}`),
  );

const mapped = <A, B>(from: ReadonlyMap<string, A>, to: (value: A) => B): ReadonlyMap<string, B> =>
  new Map([...from].map(([key, value]) => [key, to(value)]));

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const deviceOf = (device: ExpectedDevice, dedupeMs: number): unknown => ({
  ...(Number.isFinite(device.eventTimeMs) && { latest: latestOf(device), watermark: clockOf(device) }),
  ...(device.ids.size > 0 && {
    dedupe: rememberedIds(Math.max(-Infinity, ...device.ids.values()), [...device.ids], dedupeMs),
  }),
  ...(device.open.size > 0 && { window: openWindows(device) }),
  ...(device.episodes.size > 0 && {
    alert: Object.fromEntries(
      [...device.episodes].map(([rule, { raised, peak }]) => [
        rule.id,
        { raisedAtMs: raised.timeMs, raisedValue: raised.value, raisedOffset: raised.offset, peakValue: peak },
      ]),
    ),
  }),
});

const latestOf = ({ eventTimeMs, offset, quality, readings, profile }: ExpectedDevice): unknown => {
  const ages = [...readings].flatMap(([metric, { atMs }]) =>
    atMs === eventTimeMs ? [] : [[metric, eventTimeMs - atMs] as const],
  );
  return {
    eventTimeMs,
    offset,
    quality,
    values: Object.fromEntries([...readings].map(([metric, { value }]) => [metric, value])),
    ...(ages.length > 0 && { agesMs: Object.fromEntries(ages) }),
    profile: withoutNulls(profile),
  };
};

const withoutNulls = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value).flatMap(([key, one]) => (one === null ? [] : [[key, withoutNulls(one)]])),
      )
    : value;

const clockOf = ({ eventTimeMs, watermarkMs, heardMs }: ExpectedDevice): unknown => ({
  eventMs: eventTimeMs,
  watermarkAfterMs: watermarkMs - eventTimeMs,
  heardAfterMs: heardMs - eventTimeMs,
});

/** Message ids too old to matter may be remembered or not: both sides are told by those that matter. */
const rememberedIds = (newestMs: number, ids: readonly (readonly [string, number])[], dedupeMs: number): unknown => ({
  newestMs,
  times: Object.fromEntries(ids.filter(([, atMs]) => atMs >= newestMs - dedupeMs)),
});

const withoutStaleIds = (device: unknown, dedupeMs: number): unknown => {
  const dedupe = member(device, 'dedupe');
  const [newestMs, ids, ages] = [member(dedupe, 'newestMs'), member(dedupe, 'ids'), member(dedupe, 'agesMs')];
  if (typeof device !== 'object' || typeof newestMs !== 'number' || !Array.isArray(ids) || !Array.isArray(ages))
    return device;
  const times = (ids as readonly string[]).map((id, i) => [id, newestMs - Number(ages[i])] as const);
  return { ...device, dedupe: rememberedIds(newestMs, times, dedupeMs) };
};

const openWindows = ({ open }: ExpectedDevice): unknown => {
  const byStart = new Map<number, Record<string, readonly unknown[]>>();
  for (const window of [...open].sort((a, b) => a.startMs - b.startMs)) {
    const { startMs, metric, revision } = window;
    const { count, sum, min, max, variance, firstAtMs = NaN, first, lastAtMs = NaN, last } = statistics(window);
    const rows = byStart.get(startMs) ?? {};
    const [firstAfterMs, lastAfterMs] = [firstAtMs - startMs, lastAtMs - startMs];
    rows[metric] = [count, sum, min, max, variance * count, firstAfterMs, first, lastAfterMs, last, revision];
    byStart.set(startMs, rows);
  }
  return [...byStart].map(([startMs, rows]) => ({ startMs, rows }));
};

/** By definition, from all values; nothing is updated step by step. */
const statistics = ({ values }: ExpectedWindow) => {
  const count = values.length;
  const sum = values.reduce((total, { value }) => total + value, 0);
  const mean = sum / count;
  const variance = values.reduce((total, { value }) => total + (value - mean) ** 2, 0) / count;
  const inTime = [...values].sort((a, b) => a.timeMs - b.timeMs);
  return {
    count,
    sum,
    mean,
    variance,
    min: Math.min(...values.map(({ value }) => value)),
    max: Math.max(...values.map(({ value }) => value)),
    first: inTime[0]?.value,
    firstAtMs: inTime[0]?.timeMs,
    last: inTime.at(-1)?.value,
    lastAtMs: inTime.at(-1)?.timeMs,
  };
};

/** The newest of each device and metric. */
const closedWindows = ({ expected, keepWindows }: Compared): ReadonlyMap<string, unknown> => {
  const series = new Map<string, [key: string, window: ExpectedWindow][]>();
  for (const [key, window] of expected.windows) {
    if (!window.isClosed) continue;
    const name = `${window.device} ${window.metric}`;
    series.set(name, [...(series.get(name) ?? []), [key, window]]);
  }
  return new Map(
    [...series.values()].flatMap((windows) =>
      windows
        .sort(([, a], [, b]) => b.startMs - a.startMs)
        .slice(0, keepWindows)
        .map(([key, window]) => [key, windowOf(window, expected.told.windowMs)] as const),
    ),
  );
};

const windowOf = (window: ExpectedWindow, windowMs: number): unknown => {
  const { firstAtMs: _firstAtMs, lastAtMs: _lastAtMs, ...rest } = statistics(window);
  const { device, metric, startMs, revision, isClosed } = window;
  return { device, metric, startMs, endMs: startMs + windowMs, ...rest, revision, isClosed };
};

/** Active ones, and the cleared ones that were cleared last. */
const keptAlerts = ({ topic, partition, expected, keepAlerts }: Compared): ReadonlyMap<string, unknown> => {
  const idOf = ({ rule, device, raised }: ExpectedAlert): string =>
    `${rule.id}@${device}@${topic}-${partition}-${raised.offset}`;
  const cleared = expected.alerts
    .flatMap((alert) => (alert.cleared === null ? [] : [{ alert, id: idOf(alert), offset: alert.cleared.offset }]))
    .sort((a, b) => b.offset - a.offset || (a.id < b.id ? 1 : -1))
    .slice(0, keepAlerts)
    .map(({ alert }) => alert);
  const active = expected.alerts.filter((alert) => alert.cleared === null);
  return new Map([...active, ...cleared].map((alert) => [idOf(alert), alertOf(idOf(alert), alert)]));
};

const alertOf = (id: string, { rule, device, raised, cleared, peak }: ExpectedAlert): unknown => {
  const unit = rules.units[rule.metric] ?? '';
  const value = Number(raised.value.toFixed(2));
  return {
    id,
    rule: rule.id,
    device,
    metric: rule.metric,
    severity: rule.severity,
    state: cleared === null ? 'active' : 'cleared',
    version: cleared === null ? 1 : 2,
    message: `${rule.metric} ${value} ${unit} is ${rule.above ? 'above' : 'below'} ${rule.raise} ${unit}`,
    raisedAtMs: raised.timeMs,
    raisedValue: raised.value,
    raisedOffset: raised.offset,
    // An active alert is written once, when it is raised; how far it went since then stands with its device.
    peakValue: cleared === null ? raised.value : peak,
    clearedAtMs: cleared?.timeMs ?? null,
    clearedValue: cleared?.value ?? null,
    clearedOffset: cleared?.offset ?? null,
  };
};
