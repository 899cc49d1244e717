import type { Profile } from '../../streams/model/device.js';
import type { ProfileField } from '../../streams/rules/rules.js';

/** Fields of the profile under the names that rules use. */
const fields = {
  type: ({ type }: Profile) => type,
  status: ({ status }: Profile) => status,
  building: ({ location }: Profile) => location?.building ?? null,
  floor: ({ location }: Profile) => location?.floor ?? null,
  room: ({ location }: Profile) => location?.room ?? null,
  zone: ({ location }: Profile) => location?.zone ?? null,
  latitude: ({ location }: Profile) => location?.latitude ?? null,
  longitude: ({ location }: Profile) => location?.longitude ?? null,
  model: ({ info }: Profile) => info?.model ?? null,
  manufacturer: ({ info }: Profile) => info?.manufacturer ?? null,
  firmware: ({ info }: Profile) => info?.firmware ?? null,
  hardware: ({ info }: Profile) => info?.hardware ?? null,
  serial_number: ({ info }: Profile) => info?.serialNumber ?? null,
  network_type: ({ info }: Profile) => info?.networkType ?? null,
} as const satisfies Record<string, ProfileField>;

export type FieldName = keyof typeof fields;

export const fieldNames = Object.keys(fields) as [FieldName, ...FieldName[]];

/** Those that hold numbers; the others hold texts. */
export const numberFields: ReadonlySet<string> = new Set<FieldName>(['floor', 'latitude', 'longitude']);

export const profileField = (name: string): ProfileField => fields[name as FieldName];
