import type { NestedType, SimulatedDevice } from '../device.js';
import { rfc3339 } from '../time-text.js';

const sensorNames: Readonly<Record<NestedType, string>> = {
  temperature: 'temperature',
  humidity: 'humidity',
  pressure: 'pressure',
  switch: 'switch_status',
  current: 'current',
};
const units = { temperature: '°C', humidity: '%', pressure: 'hPa', current: 'A' } as const;

/** A device as a program in Go marshals its struct, members in their order: one sensor each, unrounded, its status `normal` whatever the value. */
export const nestedText = (device: SimulatedDevice, atMs: number): string => {
  const { id, index, type, random } = device;
  const nanos = random.whole(0, 999_000);
  const seenMs = atMs + (random.next() < 0.05 ? 1 : 0);
  return (
    `{"device_id":"${id}","device_type":"${type}","timestamp":${atMs},` +
    `"created_at":"${rfc3339(atMs, nanos)}","updated_at":"${rfc3339(atMs, nanos + 42)}",` +
    `"device_info":{"model":"IoT-Sensor-v1.0","manufacturer":"Industrial IoT Corp","firmware":"1.2.3","hardware":"2.1.0",` +
    `"serial_number":"SN${id}","battery":${random.whole(85, 99)},"signal_strength":${random.whole(-69, -30)},"network_type":"wifi"},` +
    `${(device.fixedText ??= locationText(index))},"sensors":{"${sensorNames[type]}":${sensorText(device, atMs)},"last_update":${atMs}},"status":"online","last_seen":${seenMs}}`
  );
};

const locationText = (index: number): string =>
  `"location":{"building":"Building_${Math.floor(index / 100) + 1}","floor":${Math.floor(index / 20) + 1},` +
  `"room":"Room_${Math.floor(index / 5) + 1}","zone":"Zone_${(index % 4) + 1}"}`;

const sensorText = (device: SimulatedDevice, atMs: number): string => {
  const { type, isOn } = device;
  if (type === 'switch') return `{"value":${isOn},"status":"${isOn ? 'on' : 'off'}"}`;
  return `{"value":${device.read(type, atMs)},"unit":"${units[type]}","status":"normal"}`;
};
