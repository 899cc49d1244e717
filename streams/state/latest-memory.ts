import * as t from 'io-ts';
import type { Profile } from '../model/device.js';
import type { MetricSetting } from '../model/settings.js';
import { type Memory, memory } from './partition-state.js';

const text = t.union([t.string, t.null]);
const number = t.union([t.number, t.null]);

const StoredProfile: t.Type<Profile> = t.type({
  type: text,
  status: text,
  location: t.union([
    t.type({ building: text, floor: number, room: text, zone: text, latitude: number, longitude: number }),
    t.null,
  ]),
  info: t.union([
    t.type({ model: text, manufacturer: text, firmware: text, hardware: text, serialNumber: text, networkType: text }),
    t.null,
  ]),
});

/** A device's latest readings as they are stored. Times are event times, epoch ms; values in canonical units. */
export const StoredLatest = t.type({
  /** Null as long as nothing was counted. */
  eventTimeMs: number,
  /** Of the last record folded, whatever its event time. */
  offset: number,
  quality: t.keyof({ good: null, uncertain: null, bad: null }),
  readings: t.record(t.string, t.type({ value: t.number, atMs: t.number })),
  profile: StoredProfile,
});
export type StoredLatest = t.TypeOf<typeof StoredLatest>;

export const unknownProfile: Profile = { type: null, status: null, location: null, info: null };

/** What `latest` remembers of a device; arrays go by metric index. NaN and −Infinity stand for never. */
export interface Latest {
  eventTimeMs: number;
  offset: number;
  quality: StoredLatest['quality'];
  profile: Profile;
  readonly values: number[];
  readonly times: number[];
  /** Readings of metrics that are not in the table any more; kept as they were stored. */
  readonly retired: StoredLatest['readings'];
}

/** Shared by `latest`, which writes it, and by whoever needs the newest readings behind it. */
export const latestMemory = (metrics: readonly MetricSetting[]): Memory<Latest> =>
  memory<Latest, StoredLatest>({
    name: 'latest',
    create: () => ({
      eventTimeMs: -Infinity,
      offset: -1,
      quality: 'good',
      profile: unknownProfile,
      values: metrics.map(() => NaN),
      times: metrics.map(() => -Infinity),
      retired: {},
    }),
    stored: StoredLatest,
    store: (latest) => ({
      eventTimeMs: Number.isFinite(latest.eventTimeMs) ? latest.eventTimeMs : null,
      offset: latest.offset < 0 ? null : latest.offset,
      quality: latest.quality,
      readings: readingsOf(latest, metrics),
      profile: latest.profile,
    }),
    restore: ({ eventTimeMs, offset, quality, readings, profile }) => ({
      eventTimeMs: eventTimeMs ?? -Infinity,
      offset: offset ?? -1,
      quality,
      profile,
      values: metrics.map(({ name }) => readings[name]?.value ?? NaN),
      times: metrics.map(({ name }) => readings[name]?.atMs ?? -Infinity),
      retired: Object.fromEntries(
        Object.entries(readings).filter(([name]) => !metrics.some((metric) => metric.name === name)),
      ),
    }),
  });

/** The newest readings by metric name; metrics never read are left out. */
export const readingsOf = (latest: Latest, metrics: readonly MetricSetting[]): StoredLatest['readings'] => {
  const readings: StoredLatest['readings'] = { ...latest.retired };
  for (let i = 0; i < metrics.length; i += 1) {
    const atMs = latest.times[i];
    const value = latest.values[i];
    const metric = metrics[i];
    if (metric !== undefined && value !== undefined && atMs !== undefined && atMs !== -Infinity)
      readings[metric.name] = { value, atMs };
  }
  return readings;
};
