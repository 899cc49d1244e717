/** What a service of this kind checks, as io-ts codecs: the same fields that Weir uses. */
import * as t from 'io-ts';

const optionalNumber = t.union([t.number, t.undefined]);

export const FlatRecord = t.intersection([
  t.type({ device_id: t.string, timestamp: t.string }),
  t.partial({
    device_type: t.string,
    location: t.string,
    status: t.string,
    temperature: optionalNumber,
    humidity: optionalNumber,
    pressure: optionalNumber,
    battery_level: optionalNumber,
  }),
]);

const Sensor = t.intersection([
  t.type({ value: t.union([t.number, t.boolean]) }),
  t.partial({ unit: t.string, status: t.string }),
]);

export const NestedRecord = t.type({
  device_id: t.string,
  device_type: t.string,
  timestamp: t.number,
  device_info: t.type({ model: t.string, battery: t.number, signal_strength: t.number }),
  location: t.type({ building: t.string, floor: t.number, room: t.string, zone: t.string }),
  sensors: t.partial({
    temperature: Sensor,
    humidity: Sensor,
    pressure: Sensor,
    switch_status: Sensor,
    current: Sensor,
  }),
  status: t.string,
});

/** One device, its time and its values, whichever of the two formats it came in. */
export const readingsOf = (record) => {
  if (typeof record.timestamp === 'number') {
    const values = {};
    for (const [name, sensor] of Object.entries(record.sensors)) {
      if (typeof sensor === 'object' && 'value' in sensor) values[name] = Number(sensor.value);
    }
    values.battery = record.device_info.battery;
    values.signal = record.device_info.signal_strength;
    return { device: record.device_id, timeMs: record.timestamp, values };
  }
  const { temperature, humidity, pressure, battery_level: battery } = record;
  return {
    device: record.device_id,
    timeMs: Date.parse(record.timestamp),
    values: { temperature, humidity, pressure, battery },
  };
};
