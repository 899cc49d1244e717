import type { Alert } from '../../streams/model/alert.js';
import type { Sourced } from '../../streams/model/chunk.js';
import type { TestSettings } from '../kit/settings.js';
import type { PlainAlert } from '../../streams/plain-rules.js';
import type { Telemetry } from '../../streams/model/telemetry.js';
import { byKey } from './in-and-out.js';

interface Episode {
  readonly id: string;
  readonly versions: readonly Partial<Alert>[];
}

interface Reading {
  readonly value: number;
  readonly atMs: number;
  readonly offset: number;
}

/** Cuts the readings that were newest when they came into episodes: from one beyond the raise level to one not beyond the clear level. */
export const episodesOf = (
  given: readonly Sourced<Telemetry>[],
  { alerts, metrics }: TestSettings,
): readonly Episode[] =>
  [...byKey(given, ({ value }) => value.device.id)].flatMap(([device, records]) =>
    alerts.flatMap((rule) => {
      const metric = metrics.findIndex(({ name }) => name === rule.metric);
      const readings = records
        .map(({ value, origin }): Reading => ({
          value: value.readings[metric] ?? NaN,
          atMs: value.eventTimeMs,
          offset: origin.offset,
        }))
        .filter(({ value }) => !Number.isNaN(value));
      const newest = readings.filter(({ atMs }, i) => readings.slice(0, i).every((before) => before.atMs <= atMs));
      return episodes(newest, rule).map(([raising, ...rest]) => episode(device, rule, raising, rest));
    }),
  );

type Run = readonly [raising: Reading, ...rest: Reading[]];

const sign = ({ direction }: PlainAlert): number => (direction === 'above' ? 1 : -1);

const episodes = (readings: readonly Reading[], rule: PlainAlert): readonly Run[] => {
  const start = readings.findIndex(({ value }) => sign(rule) * (value - rule.raise) > 0);
  const raising = readings[start];
  if (raising === undefined) return [];
  const rest = readings.slice(start + 1);
  const end = rest.findIndex(({ value }) => sign(rule) * (value - rule.clear) <= 0);
  return end < 0
    ? [[raising, ...rest]]
    : [[raising, ...rest.slice(0, end + 1)], ...episodes(rest.slice(end + 1), rule)];
};

const episode = (device: string, rule: PlainAlert, raising: Reading, rest: readonly Reading[]): Episode => {
  const id = `${rule.id}@${device}@law-0-${raising.offset}`;
  const raise = {
    id,
    device,
    rule: rule.id,
    state: 'active',
    version: 1,
    raisedValue: raising.value,
    raisedAtMs: raising.atMs,
    raisedOffset: raising.offset,
    peakValue: raising.value,
    clearedAtMs: null,
  } as const;
  const last = rest.at(-1);
  if (last === undefined || sign(rule) * (last.value - rule.clear) > 0) return { id, versions: [raise] };
  const peak = sign(rule) * Math.max(...[raising, ...rest].map(({ value }) => sign(rule) * value));
  const clear = {
    ...raise,
    state: 'cleared',
    version: 2,
    peakValue: peak,
    clearedAtMs: last.atMs,
    clearedValue: last.value,
    clearedOffset: last.offset,
  } as const;
  return { id, versions: [raise, clear] };
};
