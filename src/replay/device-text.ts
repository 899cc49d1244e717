import { placeOf } from '../../streams/codecs/nested.js';
import type { FieldName } from '../rules/fields.js';

/** What is known of a device, by the names that rules use. */
export type Fields = { readonly [F in FieldName]?: string | number };

export interface DeviceParts {
  readonly device: string;
  /** Event time, epoch ms. */
  readonly atMs: number;
  readonly fields: Fields;
  /** By name of the metric. */
  readonly values: Readonly<Record<string, number>>;
  /** Where they are not the canonical ones. */
  readonly units: Readonly<Record<string, string>>;
}

const placeFields = ['building', 'floor', 'room', 'zone', 'latitude', 'longitude'] as const;
const infoFields = [
  'model',
  'manufacturer',
  'firmware',
  'hardware',
  'serial_number',
  'network_type',
] as const satisfies readonly FieldName[];

/** A record's value in the nested format. */
export const deviceText = ({ device, atMs, fields, values, units }: DeviceParts): string => {
  const sensors: Record<string, unknown> = {};
  const info: Record<string, unknown> = chosen(fields, infoFields);
  for (const [metric, value] of Object.entries(values)) {
    const place = placeOf(metric);
    if (place._tag === 'info') info[place.name] = value;
    else sensors[place.name] = { value, ...(metric in units && { unit: units[metric] }) };
  }
  return JSON.stringify({
    device_id: device,
    device_type: fields.type,
    timestamp: atMs,
    status: fields.status,
    location: chosen(fields, placeFields),
    device_info: info,
    sensors,
  });
};

const chosen = (fields: Fields, names: readonly FieldName[]): Record<string, unknown> =>
  Object.fromEntries(names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])));
