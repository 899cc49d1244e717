import type { FlatRecord } from '../codecs/flat.js';
import type { NestedRecord } from '../codecs/nested.js';
import type { DeviceInfo, Location, Profile } from '../model/device.js';

type WireLocation = NonNullable<NestedRecord['location']>;
type WireInfo = NonNullable<NestedRecord['device_info']>;

/**
 * What seldom changes of a nested record. The profile known of the device is given back as long as nothing in it differs, so that
 * records share it.
 */
export const nestedProfile = (record: NestedRecord, known: Profile): Profile =>
  sharedProfile(
    known,
    record.device_type ?? null,
    record.status ?? null,
    wireLocation(record.location, known.location),
    wireInfo(record.device_info, known.info),
  );

/** Of a flat record: its location is one text. */
export const flatProfile = (record: FlatRecord, known: Profile): Profile =>
  sharedFlatProfile(known, record.device_type ?? null, record.status ?? null, record.location ?? null);

const wireLocation = (wire: WireLocation | null | undefined, known: Location | null): Location | null => {
  if (wire == null) return null;
  const { building = null, floor = null, room = null, zone = null, latitude = null, longitude = null } = wire;
  return sharedLocation(known, building, floor, room, zone, latitude, longitude);
};

const wireInfo = (wire: WireInfo | null | undefined, known: DeviceInfo | null): DeviceInfo | null => {
  if (wire == null) return null;
  const { model = null, manufacturer = null, firmware = null, hardware = null } = wire;
  return sharedInfo(known, model, manufacturer, firmware, hardware, wire.serial_number ?? null, wire.network_type ?? null); // prettier-ignore
};

/** Whether two profiles say the same; for where that is asked seldom. */
export const sayTheSame = (one: Profile, other: Profile): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

// Member by member and not as objects: nothing is made where nothing changed.

export const sharedProfile = (
  known: Profile,
  type: string | null,
  status: string | null,
  location: Location | null,
  info: DeviceInfo | null,
): Profile => {
  const isSame = type === known.type && status === known.status && location === known.location && info === known.info;
  return isSame ? known : { type, status, location, info };
};

export const sharedFlatProfile = (
  known: Profile,
  type: string | null,
  status: string | null,
  building: string | null,
): Profile => {
  const location = building === null ? null : sharedLocation(known.location, building, null, null, null, null, null);
  return sharedProfile(known, type, status, location, null);
};

export const sharedLocation = (
  known: Location | null,
  building: string | null,
  floor: number | null,
  room: string | null,
  zone: string | null,
  latitude: number | null,
  longitude: number | null,
): Location => {
  const isSame =
    known !== null &&
    building === known.building &&
    floor === known.floor &&
    room === known.room &&
    zone === known.zone &&
    latitude === known.latitude &&
    longitude === known.longitude;
  return isSame ? known : { building, floor, room, zone, latitude, longitude };
};

export const sharedInfo = (
  known: DeviceInfo | null,
  model: string | null,
  manufacturer: string | null,
  firmware: string | null,
  hardware: string | null,
  serialNumber: string | null,
  networkType: string | null,
): DeviceInfo => {
  const isSame =
    known !== null &&
    model === known.model &&
    manufacturer === known.manufacturer &&
    firmware === known.firmware &&
    hardware === known.hardware &&
    serialNumber === known.serialNumber &&
    networkType === known.networkType;
  return isSame ? known : { model, manufacturer, firmware, hardware, serialNumber, networkType };
};
