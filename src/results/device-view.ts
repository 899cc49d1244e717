import type { Profile } from '../../streams/model/device.js';
import type { MetricSetting } from '../../streams/model/settings.js';
import type { Quality } from '../../streams/model/telemetry.js';
import type { TopicPartition } from '../../streams/model/units.js';
import { type Latest, readingsOf, type StoredLatest, storedReadings } from '../../streams/state/latest-memory.js';
import type { DeviceView, LateView } from '../ports.js';

/** `<topic>-<partition>`: the name of a partition among the versions of a view. */
const versionKey = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

/**
 * The view of a device as one partition knows it, from live state; null when nothing of it has counted yet.
 *
 *     const latestOf = state.ofDevice(latestMemory(metrics));
 *     deviceViewOf(device.id, state.source, latestOf(device), metrics);
 */
export const deviceViewOf = (
  id: string,
  source: TopicPartition,
  latest: Latest,
  metrics: readonly MetricSetting[],
): DeviceView | null => (hasCounted(latest) ? new LiveView(id, source, latest, metrics).view() : null);

/** Whether there is anything to show. */
export const hasCounted = ({ eventTimeMs }: Latest): boolean => eventTimeMs !== -Infinity;

/** A device as one partition knew it when this was made. One object and one array, where a view is some ten objects. */
export class LiveView implements LateView {
  readonly offset: number;
  readonly #eventTimeMs: number;
  readonly #quality: Quality;
  readonly #readings: number[];
  readonly #retired: Latest['retired'];
  readonly #flags: Latest['flags'];
  readonly #profile: Profile;

  constructor(
    readonly id: string,
    readonly source: TopicPartition,
    latest: Latest,
    private readonly metrics: readonly MetricSetting[],
  ) {
    this.offset = latest.offset;
    this.#eventTimeMs = latest.eventTimeMs;
    this.#quality = latest.quality;
    // The rest is replaced when it changes; only these are written over.
    this.#readings = latest.readings.slice();
    this.#retired = latest.retired;
    this.#flags = latest.flags;
    this.#profile = latest.profile;
  }

  view(): DeviceView {
    return {
      id: this.id,
      eventTimeMs: this.#eventTimeMs,
      quality: this.#quality,
      readings: readingsOf({ readings: this.#readings, retired: this.#retired }, this.metrics),
      flags: this.#flags ?? {},
      profile: this.#profile,
      versions: { [versionKey(this.source)]: this.offset },
    };
  }
}

/** The same from what is stored. */
export const storedDeviceView = (id: string, source: TopicPartition, stored: StoredLatest): DeviceView => {
  const { eventTimeMs, offset, profile } = stored;
  const quality = stored.quality ?? 'good';
  const versions = { [versionKey(source)]: offset };
  return { id, eventTimeMs, quality, readings: storedReadings(stored), flags: stored.flags ?? {}, profile, versions };
};

/**
 * One view of the views that several partitions have of a device: of each metric the newer reading; quality and profile of the
 * newest event; every version.
 */
export const mergeDeviceViews = (a: DeviceView, b: DeviceView): DeviceView => {
  const newer = a.eventTimeMs >= b.eventTimeMs ? a : b;
  const older = newer === a ? b : a;
  const readings = { ...older.readings };
  for (const [metric, reading] of Object.entries(newer.readings)) {
    const other = readings[metric];
    if (other === undefined || reading.atMs >= other.atMs) readings[metric] = reading;
  }
  return { ...newer, readings, flags: { ...older.flags, ...newer.flags }, versions: { ...a.versions, ...b.versions } };
};
