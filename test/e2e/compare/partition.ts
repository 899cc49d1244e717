import type { Expected } from '../oracle/fold.js';
import { keptAlerts } from './alerts.js';
import { deviceOf, seenDevice } from './devices.js';
import { unequal } from './equal.js';
import { type Found, member } from './found.js';
import { closedWindows } from './windows.js';

export interface Compared {
  readonly topic: string;
  readonly partition: number;
  readonly expected: Expected;
  readonly found: Found;
  /** How many closed windows a rule, device and metric, and how many cleared alerts a partition keeps. */
  readonly keepWindows: number;
  readonly keepAlerts: number;
}

/** Everything in which the store differs from what folding the partition gives; empty when nothing does. */
export const differences = (compared: Compared): readonly string[] => {
  const { topic, partition, expected, found, keepWindows, keepAlerts } = compared;
  const { next, tally, logTime } = expected;
  const { dedupeMs } = expected.told;
  const place = { topic, partition };
  const alerts = keptAlerts(expected.alerts, place, keepAlerts);
  const devices = new Map([...expected.devices].map(([id, device]) => [id, deviceOf(device, dedupeMs, place)]));
  return [
    ...unequal(found.next, next === 0 ? null : next, 'next'),
    ...unequal(member(found.own, 'tally'), tally, 'tally'),
    ...unequal(member(found.own, 'logTime'), { timeMs: finite(logTime.timeMs), ahead: logTime.ahead }, 'logTime'),
    ...unequalMaps(found.devices, devices, 'device', (device) => seenDevice(device, dedupeMs)),
    ...(found.windows === null
      ? []
      : unequalMaps(found.windows, closedWindows(expected.windows, keepWindows), 'window')),
    ...unequalMaps(found.alerts, alerts, 'alert'),
    ...unequalIndexes(compared, alerts),
  ].map((difference) => `${topic}-${partition}: ${difference}`);
};

const unequalIndexes = (
  { expected, found: { indexes } }: Compared,
  alerts: ReadonlyMap<string, unknown>,
): readonly string[] => {
  if (indexes === null) return [];
  const cleared = [...alerts].flatMap(([id, alert]) => {
    const offset = member(alert, 'clearedOffset');
    return offset === null ? [] : [[id, offset] as const];
  });
  return [
    ...unequal(indexes.ids, [...expected.devices.keys()].sort(byBytes), 'ids'),
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

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
