import * as t from 'io-ts';
import type { MetricSetting } from '../model/settings.js';
import { Finite, maybe } from './fields.js';

/** Where a nested record carries a metric. Metrics that are not listed are sensors of their own name. */
export type Place =
  { readonly _tag: 'sensor'; readonly name: string } | { readonly _tag: 'info'; readonly name: string };

const places: Readonly<Record<string, Place>> = {
  switch: { _tag: 'sensor', name: 'switch_status' },
  battery: { _tag: 'info', name: 'battery' },
  signal: { _tag: 'info', name: 'signal_strength' },
};

export const placeOf = (metric: string): Place => places[metric] ?? { _tag: 'sensor', name: metric };

// Names are what messages say was expected.

const Sensor = t.intersection(
  [t.type({ value: Finite }), t.partial({ unit: maybe(t.string), status: maybe(t.string) })],
  'an object with a value',
);
const Switch = t.intersection(
  [
    t.type({ value: t.union([t.boolean, Finite], 'true, false or a finite number') }),
    t.partial({ unit: maybe(t.string), status: maybe(t.string) }),
  ],
  'an object with a value',
);
/** A sensor of a nested record; a switch says true or false. */
export type Sensor = t.TypeOf<typeof Switch>;

const Location = t.partial(
  {
    building: maybe(t.string),
    floor: maybe(Finite),
    room: maybe(t.string),
    zone: maybe(t.string),
    latitude: maybe(Finite),
    longitude: maybe(Finite),
  },
  'an object',
);

const Info = t.partial(
  {
    model: maybe(t.string),
    manufacturer: maybe(t.string),
    firmware: maybe(t.string),
    hardware: maybe(t.string),
    serial_number: maybe(t.string),
    network_type: maybe(t.string),
    battery: maybe(Finite),
    signal_strength: maybe(Finite),
  },
  'an object',
);

/**
 * The nested format: sensors and location are objects, the timestamp is in epoch ms. Read as it is, without transforms. The
 * timestamp is judged apart from the rest, because its faults have reasons of their own.
 */
export const nestedCodec = (metrics: readonly MetricSetting[]) => {
  const sensors = metrics.flatMap(({ name }) => {
    const place = placeOf(name);
    return place._tag === 'sensor' ? [[place.name, maybe(name === 'switch' ? Switch : Sensor)] as const] : [];
  });
  return t.intersection(
    [
      t.type({ device_id: t.string, sensors: t.partial(Object.fromEntries(sensors), 'an object of sensors') }),
      t.partial({
        timestamp: t.unknown,
        device_type: maybe(t.string),
        status: maybe(t.string),
        location: maybe(Location),
        device_info: maybe(Info),
      }),
    ],
    'an object',
  );
};

export type NestedRecord = t.TypeOf<ReturnType<typeof nestedCodec>>;
