import * as t from 'io-ts';
import type { Profile } from '../model/device.js';
import { orAbsent } from './or-absent.js';

const text = orAbsent(t.string);
const number = orAbsent(t.number);

export const StoredProfile: t.Type<Profile> = t.type({
  type: text,
  status: text,
  location: orAbsent(
    t.type({ building: text, floor: number, room: text, zone: text, latitude: number, longitude: number }),
  ),
  info: orAbsent(
    t.type({ model: text, manufacturer: text, firmware: text, hardware: text, serialNumber: text, networkType: text }),
  ),
});

export const profileText = (profile: Profile): string =>
  JSON.stringify(profile, (_name, value: unknown) => value ?? undefined);
