import type { SimulatedDevice } from '../device.js';
import { rfc3339 } from '../time-text.js';

const types = ['温度传感器', '湿度传感器', '压力传感器', '综合传感器'] as const;
const places = ['车间A', '车间B', '车间C', '仓库1', '仓库2', '办公区'] as const;

/** As the legacy producer writes it: everything at the top, Chinese words, no member left out. */
export const flatText = (device: SimulatedDevice, atMs: number): string => {
  const { id, index, random } = device;
  const trouble = device.troubleAt(atMs);
  const status = trouble > 0.95 ? '故障' : trouble > 0.3 ? '警告' : '正常';
  return (
    `${(device.fixedText ??= fixedText(id, index))},` +
    `"timestamp":"${rfc3339(atMs, random.whole(0, 999_999))}","temperature":${device.read('temperature', atMs)},` +
    `"humidity":${device.read('humidity', atMs)},"pressure":${device.read('pressure', atMs)},` +
    `"status":"${status}","battery_level":${device.batteryPercent}}`
  );
};

const fixedText = (id: string, index: number): string =>
  `{"device_id":"${id}","device_type":"${types[index % types.length] ?? types[3]}","location":"${places[index % places.length] ?? places[0]}"`;
