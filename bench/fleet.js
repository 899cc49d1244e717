/**
 * A fleet of 10,000 devices that report once a second, as records of one of the wire formats: the same for the same arguments, in every
 * process. Values drift and are noisy; one device in fifty crosses the level of an alert now and then (about one record in a thousand
 * raises or clears one). No record is bad, late or sent twice, so that every case has to count every one.
 */
export const deviceCount = 10_000;
export const partitionCount = 8;
export const devicesPerPartition = deviceCount / partitionCount;

/** The devices of a partition take turns; `index` is the record's place in the partition, and its offset in a topic filled from empty. */
export const fleet = (shape, startMs) => {
  const write = writers[shape];
  return (partition, index) => {
    const device = (index % devicesPerPartition) * partitionCount + partition;
    const round = Math.floor(index / devicesPerPartition);
    const atMs = startMs + round * 1_000 + Math.floor(((index % devicesPerPartition) * 1_000) / devicesPerPartition);
    return { ...write(device, round, atMs), timestampMs: atMs + 20 };
  };
};

/** A number in [0, 1) that depends on its arguments alone (murmur3's finalizer). */
const chance = (device, round, salt) => {
  let hash = Math.imul(device + 1, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b) ^ Math.imul(salt + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
};

const swing = (device, round, salt) =>
  Math.sin(round / 12 + device * (salt + 1)) + (chance(device, round, salt) - 0.5) / 4;

const valueOf = {
  temperature: (device, round) => (device % 50 === 7 ? 38.5 : 22) + 3 * swing(device, round, 1),
  humidity: (device, round) => 50 + 8 * swing(device, round, 2),
  pressure: (device, round) => 1013 + 20 * swing(device, round, 3),
  current: (device, round) => 5 + swing(device, round, 4),
  battery: (device, round) => 85 + Math.floor(15 * chance(device, round, 5)),
  signal: (device, round) => -30 - Math.floor(40 * chance(device, round, 6)),
};

const idOf = (device) => `device_${String(device + 1).padStart(4, '0')}`;
const textTime = (atMs, nanoseconds) =>
  `${new Date(atMs + 8 * 3_600_000).toISOString().slice(0, -1)}${nanoseconds}+08:00`;

const places = ['车间A', '车间B', '车间C', '仓库1', '仓库2', '办公区'];
const kinds = ['温度传感器', '湿度传感器', '压力传感器', '综合传感器'];

/** `digits`: how the values are written; null as precisely as a double can be. */
const flat = (digits) => (device, round, atMs) => {
  const text = (value) => (digits === null ? String(value) : value.toFixed(digits));
  const id = idOf(device);
  const { temperature, humidity, pressure } = valueOf;
  return {
    key: id,
    value:
      `{"device_id":"${id}","device_type":"${kinds[device % 4]}","location":"${places[device % 6]}","timestamp":"${textTime(atMs, '456789')}",` +
      `"temperature":${text(temperature(device, round))},"humidity":${text(humidity(device, round))},` +
      `"pressure":${text(pressure(device, round))},"status":"正常","battery_level":${text(90 - 30 * chance(device, round, 7))}}`,
  };
};

const sensorKinds = ['temperature', 'humidity', 'pressure', 'switch', 'current'];
const unitOf = { temperature: '°C', humidity: '%', pressure: 'hPa', current: 'A' };

const sensorText = (kind, device, round) => {
  if (kind !== 'switch')
    return `"${kind}":{"value":${valueOf[kind](device, round)},"unit":"${unitOf[kind]}","status":"normal"}`;
  const isOn = chance(device, Math.floor(round / 10), 8) > 0.5;
  return `"switch_status":{"value":${isOn},"status":"${isOn ? 'on' : 'off'}"}`;
};

const deviceText = (device, round, atMs, type, sensors) => {
  const id = idOf(device);
  return (
    `{"device_id":"${id}","device_type":"${type}","timestamp":${atMs},"created_at":"${textTime(atMs, '456789')}",` +
    `"updated_at":"${textTime(atMs, '456831')}","device_info":{"model":"IoT-Sensor-v1.0","manufacturer":"Industrial IoT Corp",` +
    `"firmware":"1.2.3","hardware":"2.1.0","serial_number":"SN${id}","battery":${valueOf.battery(device, round)},` +
    `"signal_strength":${valueOf.signal(device, round)},"network_type":"wifi"},"location":{"building":"Building_${Math.floor(device / 100) + 1}",` +
    `"floor":${Math.floor(device / 20) + 1},"room":"Room_${Math.floor(device / 5) + 1}","zone":"Zone_${(device % 4) + 1}"},` +
    `"sensors":{${sensors.map((kind) => sensorText(kind, device, round)).join(',')},"last_update":${atMs}},"status":"online","last_seen":${atMs}}`
  );
};

/** Today's producer: one sensor a device, and the sensor in the key. */
const nested = (device, round, atMs) => {
  const kind = sensorKinds[device % 5];
  return { key: `${idOf(device)}_${kind}`, value: deviceText(device, round, atMs, kind, [kind]) };
};

/** An envelope around a device with all five sensors. */
const envelope = (device, round, atMs) => {
  const hex = (salt, length) =>
    Math.floor(chance(device, round, salt) * 16 ** length)
      .toString(16)
      .padStart(length, '0');
  const messageId = `${hex(10, 8)}-${hex(11, 4)}-4${hex(12, 3)}-9${hex(13, 3)}-${device.toString(16).padStart(6, '0')}${round.toString(16).padStart(6, '0')}`;
  return {
    key: idOf(device),
    value:
      `{"message_id":"${messageId}","message_type":"device_data","timestamp":${Math.floor(atMs / 1_000)},"source":"bench",` +
      `"payload":{"device":${deviceText(device, round, atMs, 'sensor', sensorKinds)},"batch_size":1,"batch_id":"batch-0-${round}"},"priority":5}`,
  };
};

const writers = { flat: flat(2), 'flat-full': flat(null), nested, envelope };
