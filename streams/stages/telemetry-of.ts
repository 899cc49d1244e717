import { type Either, isLeft, right } from 'fp-ts/lib/Either.js';
import { member } from '../codecs/fields.js';
import { flatMembers, type FlatRecord } from '../codecs/flat.js';
import { type NestedRecord, placeOf, type Sensor } from '../codecs/nested.js';
import type { Rejection } from '../model/rejection.js';
import type { MetricSetting } from '../model/settings.js';
import { type Quality, Telemetry } from '../model/telemetry.js';
import { latestMemory } from '../state/latest-memory.js';
import type { PartitionState } from '../state/partition-state.js';
import { checkedId } from './device-id.js';
import { timeInMs, timeInText } from './event-time.js';
import { flatProfile, nestedProfile } from './profile.js';
import { qualityOf, worse } from './quality.js';

/** Builds `Telemetry` from a record whose codec has accepted it. Nothing of the parsed tree is kept. */
export interface TelemetryMaker {
  ofFlat(record: FlatRecord): Either<Rejection, Telemetry>;
  ofNested(record: NestedRecord, envelope: { readonly messageId: string } | null): Either<Rejection, Telemetry>;
}

export const telemetryMaker = (metrics: readonly MetricSetting[], state: PartitionState): TelemetryMaker => {
  const latestOf = state.ofDevice(latestMemory(metrics));
  const flatPlaces = metrics.map(({ name }) => flatMembers(name));
  const nestedPlaces = metrics.map(({ name }) => placeOf(name));

  return {
    ofFlat(record) {
      const id = checkedId(record.device_id);
      if (isLeft(id)) return id;
      const time = timeInText(record.timestamp, 'timestamp');
      if (isLeft(time)) return time;
      const readings = flatPlaces.map((names) => flatReading(record, names));
      const device = state.device(id.right);
      const profile = flatProfile(record, latestOf(device).profile);
      return right(new Telemetry(device, time.right, readings, null, qualityOf(record.status), profile, null, 'flat'));
    },

    ofNested(record, envelope) {
      const id = checkedId(record.device_id);
      if (isLeft(id)) return id;
      const time = timeInMs(record.timestamp, envelope === null ? 'timestamp' : 'payload.device.timestamp');
      if (isLeft(time)) return time;
      const read = new NestedReadings(metrics, qualityOf(record.status));
      for (let i = 0; i < nestedPlaces.length; i += 1) {
        const place = nestedPlaces[i];
        if (place?._tag === 'sensor') read.sensor(i, member(record.sensors, place.name) as Sensor | null | undefined);
        else if (place !== undefined)
          read.plain(i, member(record.device_info, place.name) as number | null | undefined);
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

const flatReading = (record: FlatRecord, names: readonly string[]): number => {
  for (const name of names) {
    const value = member(record, name);
    if (typeof value === 'number') return positiveZero(value);
  }
  return NaN;
};

/** −0 is 0: JSON texts of the state don't tell them apart, so results must not either. */
const positiveZero = (value: number): number => value + 0;

/** The readings of one nested record on their way into slots. */
class NestedReadings {
  readonly values: number[] = [];
  units: (string | null)[] | null = null;

  constructor(
    readonly metrics: readonly MetricSetting[],
    public quality: Quality,
  ) {}

  sensor(index: number, sensor: Sensor | null | undefined): void {
    if (sensor == null) {
      this.values.push(NaN);
      return;
    }
    this.values.push(positiveZero(Number(sensor.value)));
    this.quality = worse(this.quality, qualityOf(sensor.status));
    const canonical = this.metrics[index]?.unit ?? '';
    if (sensor.unit == null || sensor.unit === '' || sensor.unit === canonical || canonical === '') return;
    this.units ??= this.metrics.map(() => null);
    this.units[index] = sensor.unit;
  }

  plain(_index: number, value: number | null | undefined): void {
    this.values.push(positiveZero(value ?? NaN));
  }
}
