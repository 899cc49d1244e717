import type { Formats } from '../codecs/formats.js';
import { objectOf, type Shape, slotOf } from '../codecs/layouts/layout.js';
import { absent, kind, type Scalars } from '../codecs/layouts/scalars.js';
import { placeOf } from '../codecs/nested.js';
import type { DeviceInfo, Location } from '../model/device.js';
import { greatestMs, isTimeInMs, leastMs } from './event-time.js';
import type { LayoutParts } from './layout-parts.js';
import { sharedInfo, sharedLocation, sharedProfile } from './profile.js';
import { qualityOf, worse } from './quality.js';
import type { MetricRule } from '../rules/rules.js';
import { unitToTell } from './conversions.js';
import { positiveZero } from './readings.js';

/** Of a nested layout, or of an envelope's; reads what `TelemetryMaker.ofNested` reads. */
export const nestedParts = (shape: Shape, formats: Formats, metrics: readonly MetricRule[]): LayoutParts => {
  const isEnvelope = shape.has('message_id');
  const device = isEnvelope ? objectIn(objectIn(shape, 'payload'), 'device') : shape;
  const messageType = slotOf(shape, 'message_type');
  const time = slotOf(device, 'timestamp');
  const type = slotOf(device, 'device_type');
  const status = slotOf(device, 'status');
  const location = objectOf(device, 'location');
  const info = objectOf(device, 'device_info');
  const places = placesOf(metrics, objectIn(device, 'sensors'), info ?? nobody);

  return {
    format: isEnvelope ? 'envelope' : 'nested',
    codec: (isEnvelope ? formats.envelope : formats.nested).codec,
    id: slotOf(device, 'device_id'),
    time,
    messageId: slotOf(shape, 'message_id'),
    places: places.map(({ metric, value }) => ({ metric, slot: value })),
    isOneNeeded: false,
    timeAs: { _tag: 'time in ms', least: leastMs, greatest: greatestMs },
    timeMs: (scalars) => {
      const timeMs = scalars.number(time);
      return isTimeInMs(timeMs) ? timeMs : NaN;
    },
    read: (scalars, readings) => {
      for (let i = 0; i < places.length; i += 1) {
        const place = places[i];
        if (place !== undefined) readings[place.metric] = valueAt(scalars, place.value);
      }
      return true;
    },
    steady: (scalars, known) => {
      if (isEnvelope && scalars.string(messageType) !== 'device_data') return undefined;
      const word = scalars.string(status);
      const profile = sharedProfile(
        known,
        scalars.string(type),
        word,
        location && locationIn(location, scalars, known.location),
        info && infoIn(info, scalars, known.info),
      );
      const quality = places.reduce((worst, place) => worse(worst, qualityOf(scalars.string(place.status))), qualityOf(word)); // prettier-ignore
      return { profile, units: unitsIn(places, scalars, metrics), quality };
    },
  };
};

const nobody: Shape = new Map();
const objectIn = (shape: Shape, name: string): Shape => objectOf(shape, name) ?? nobody;

/** Where a metric is read, and what goes with it. */
interface ReadingPlace {
  readonly metric: number;
  readonly value: number;
  readonly unit: number;
  readonly status: number;
  readonly isSensor: boolean;
}

/** Of the metrics that the layout has. */
const placesOf = (metrics: readonly MetricRule[], sensors: Shape, info: Shape): readonly ReadingPlace[] =>
  metrics
    .map(({ name }, metric) => {
      const place = placeOf(name);
      if (place._tag === 'info')
        return { metric, value: slotOf(info, place.name), unit: absent, status: absent, isSensor: false };
      const sensor = objectIn(sensors, place.name);
      return {
        metric,
        value: slotOf(sensor, 'value'),
        unit: slotOf(sensor, 'unit'),
        status: slotOf(sensor, 'status'),
        isSensor: true,
      };
    })
    .filter(({ value }) => value !== absent);

/** A switch says true or false. */
const valueAt = ({ kinds, numbers }: Scalars, slot: number): number => {
  const is = kinds[slot];
  if (is === kind.number) return positiveZero(numbers[slot] ?? NaN);
  return is === kind.true ? 1 : is === kind.false ? 0 : NaN;
};

const unitsIn = (
  places: readonly ReadingPlace[],
  scalars: Scalars,
  metrics: readonly MetricRule[],
): readonly (string | null)[] | null => {
  const units = metrics.map((rule, metric) => {
    const place = places.find((each) => each.metric === metric);
    // What stands in the device's info has no unit to state.
    return place?.isSensor === true ? unitToTell(scalars.string(place.unit), rule) : null;
  });
  return units.some((unit) => unit !== null) ? units : null;
};

const locationIn = (shape: Shape, scalars: Scalars, known: Location | null): Location =>
  sharedLocation(
    known,
    scalars.string(slotOf(shape, 'building')),
    scalars.number(slotOf(shape, 'floor')),
    scalars.string(slotOf(shape, 'room')),
    scalars.string(slotOf(shape, 'zone')),
    scalars.number(slotOf(shape, 'latitude')),
    scalars.number(slotOf(shape, 'longitude')),
  );

const infoIn = (shape: Shape, scalars: Scalars, known: DeviceInfo | null): DeviceInfo =>
  sharedInfo(
    known,
    scalars.string(slotOf(shape, 'model')),
    scalars.string(slotOf(shape, 'manufacturer')),
    scalars.string(slotOf(shape, 'firmware')),
    scalars.string(slotOf(shape, 'hardware')),
    scalars.string(slotOf(shape, 'serial_number')),
    scalars.string(slotOf(shape, 'network_type')),
  );
