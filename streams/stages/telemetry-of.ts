import { type Either, isLeft, right } from 'fp-ts/lib/Either.js';
import { flatMembers, type FlatRecord } from '../codecs/flat.js';
import { type NestedRecord, placeOf, type Sensor } from '../codecs/nested.js';
import { type Reader, readerOf } from '../codecs/reader.js';
import type { Rejection } from '../model/rejection.js';
import type { MetricRule } from '../rules/rules.js';
import { type Quality, Telemetry } from '../model/telemetry.js';
import { latestMemory } from '../state/latest-memory.js';
import type { PartitionState } from '../state/partition-state.js';
import { unitsOfSilent, unitToTell } from './conversions.js';
import { checkedId } from './device-id.js';
import { timeInMs, timeInText } from './event-time.js';
import { flatProfile, nestedProfile } from './profile.js';
import { qualityOf, worse } from './quality.js';
import { positiveZero } from './readings.js';

/** Builds `Telemetry` from a record whose codec has accepted it. Nothing of the parsed tree is kept. */
export interface TelemetryMaker {
  ofFlat(record: FlatRecord): Either<Rejection, Telemetry>;
  ofNested(record: NestedRecord, envelope: { readonly messageId: string } | null): Either<Rejection, Telemetry>;
}

export const telemetryMaker = (metrics: readonly MetricRule[], state: PartitionState): TelemetryMaker => {
  const latestOf = state.ofDevice(latestMemory(metrics));
  const flatPlaces = metrics.map(({ name }) => flatMembers(name).map(readerOf));
  const nestedPlaces = metrics
    .map(({ name }) => placeOf(name))
    .map(({ _tag, name }) => ({ _tag, read: readerOf(name) }));

  const flatUnits = unitsOfSilent(metrics);

  return {
    ofFlat(record) {
      const id = checkedId(record.device_id);
      if (isLeft(id)) return id;
      const time = timeInText(record.timestamp, 'timestamp');
      if (isLeft(time)) return time;
      const readings: number[] = [];
      for (const readers of flatPlaces) readings.push(flatReading(record, readers));
      const device = state.device(id.right);
      const profile = flatProfile(record, latestOf(device).profile);
      return right(
        new Telemetry(device, time.right, readings, flatUnits, qualityOf(record.status), profile, null, 'flat'),
      );
    },

    ofNested(record, envelope) {
      const id = checkedId(record.device_id);
      if (isLeft(id)) return id;
      const time = timeInMs(record.timestamp, envelope === null ? 'timestamp' : 'payload.device.timestamp');
      if (isLeft(time)) return time;
      const read = new NestedReadings(metrics, qualityOf(record.status));
      for (let i = 0; i < nestedPlaces.length; i += 1) {
        const place = nestedPlaces[i];
        if (place?._tag === 'sensor') read.sensor(i, place.read(record.sensors));
        else if (place !== undefined) read.plain(record.device_info == null ? NaN : place.read(record.device_info));
      }
      const device = state.device(id.right);
      const profile = nestedProfile(record, latestOf(device).profile);
      const format = envelope === null ? 'nested' : 'envelope';
      const { values, units, quality } = read;
      return right(
        new Telemetry(device, time.right, values, units, quality, profile, envelope?.messageId ?? null, format),
      );
    },
  };
};

const flatReading = (record: FlatRecord, readers: readonly Reader[]): number => {
  for (let i = 0; i < readers.length; i += 1) {
    const value = readers[i]?.(record);
    if (typeof value === 'number') return positiveZero(value);
  }
  return NaN;
};

/** The readings of one nested record on their way into slots. */
class NestedReadings {
  readonly values: number[] = [];
  units: (string | null)[] | null = null;

  constructor(
    readonly metrics: readonly MetricRule[],
    public quality: Quality,
  ) {}

  sensor(index: number, found: unknown): void {
    if (!isSensor(found)) {
      this.values.push(NaN);
      return;
    }
    this.values.push(positiveZero(Number(found.value)));
    this.quality = worse(this.quality, qualityOf(found.status));
    const metric = this.metrics[index];
    const unit = metric === undefined ? null : unitToTell(found.unit, metric);
    if (unit === null) return;
    this.units ??= this.metrics.map(() => null);
    this.units[index] = unit;
  }

  plain(found: unknown): void {
    this.values.push(typeof found === 'number' ? positiveZero(found) : NaN);
  }
}

/** The codec has accepted it, unless it is absent. */
const isSensor = (found: unknown): found is Sensor => typeof found === 'object' && found !== null;
