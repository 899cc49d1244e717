import type { SimulatedDevice } from '../device.js';
import type { Random } from '../random.js';
import { rfc3339 } from '../time-text.js';

const places = ['A栋', 'B栋', 'C栋'] as const;
const zones = ['生产区域', '仓储区域', '办公区域'] as const;

/** A whole device with all its sensors, in an envelope whose own time is in seconds. */
export const envelopeText = (device: SimulatedDevice, atMs: number): string => {
  const { id, index, random, isOn } = device;
  const created = rfc3339(atMs, random.whole(0, 999_999));
  const trouble = device.troubleAt(atMs) > 0.3 ? 'warning' : 'normal';
  const sensor = (name: 'temperature' | 'humidity' | 'pressure' | 'current', unit: string): string => {
    const status = name === device.afflicted ? trouble : 'normal';
    return `"${name}":{"value":${device.read(name, atMs)},"unit":"${unit}","status":"${status}"}`;
  };
  return (
    `{"message_id":"${uuid(device.ids)}","message_type":"device_data","timestamp":${Math.floor(atMs / 1_000)},"source":"test-producer",` +
    `"payload":{"device":{"device_id":"${id}","device_type":"sensor","timestamp":${atMs},"created_at":"${created}","updated_at":"${created}",` +
    `"device_info":{"model":"IOT-SENSOR-V2","manufacturer":"TechCorp","firmware":"1.2.3","hardware":"2.1.0","serial_number":"SN${String(123_456_789 + index)}",` +
    `"battery":${Math.round(device.batteryPercent)},"signal_strength":${random.whole(-69, -30)},"network_type":"wifi"},` +
    `${(device.fixedText ??= locationText(index))},"sensors":{${sensor('temperature', '°C')},${sensor('humidity', '%')},${sensor('pressure', 'hPa')},` +
    `"switch_status":{"value":${isOn},"status":"${isOn ? 'on' : 'off'}"},${sensor('current', 'A')},"last_update":${atMs}},` +
    `"status":"online","last_seen":${atMs}},"batch_size":1,"batch_id":"batch-0-${index}"},"priority":5}`
  );
};

const locationText = (index: number): string =>
  `"location":{"building":"${places[index % places.length] ?? places[0]}","floor":${(index % 12) + 1},"room":"${301 + (index % 40)}",` +
  `"zone":"${zones[index % zones.length] ?? zones[0]}","latitude":39.9042,"longitude":116.4074}`;

/** Version 4 in form, but from the seed and the start. */
export const uuid = (random: Random): string => {
  const hex = random.hex(31);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${'89ab'.charAt(random.whole(0, 3))}${hex.slice(15, 18)}-${hex.slice(18, 30)}`;
};
