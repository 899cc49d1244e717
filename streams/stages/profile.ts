import type { FlatRecord } from '../codecs/flat.js';
import type { NestedRecord } from '../codecs/nested.js';
import type { DeviceInfo, Location, Profile } from '../model/device.js';

type WireLocation = NonNullable<NestedRecord['location']>;
type WireInfo = NonNullable<NestedRecord['device_info']>;

/**
 * What seldom changes of a nested record. The profile known of the device is given back as long as nothing in it differs, so that
 * records share it.
 */
export const nestedProfile = (record: NestedRecord, known: Profile): Profile => {
  const location = sharedLocation(record.location, known.location);
  const info = sharedInfo(record.device_info, known.info);
  const type = record.device_type ?? null;
  const status = record.status ?? null;
  const isSame = type === known.type && status === known.status && location === known.location && info === known.info;
  return isSame ? known : { type, status, location, info };
};

/** Of a flat record: its location is one text. */
export const flatProfile = (record: FlatRecord, known: Profile): Profile => {
  const location = sharedLocation(record.location == null ? null : { building: record.location }, known.location);
  const type = record.device_type ?? null;
  const status = record.status ?? null;
  const isSame = type === known.type && status === known.status && location === known.location && known.info === null;
  return isSame ? known : { type, status, location, info: null };
};

const sharedLocation = (wire: WireLocation | null | undefined, known: Location | null): Location | null => {
  if (wire == null) return null;
  const { building = null, floor = null, room = null, zone = null, latitude = null, longitude = null } = wire;
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

const sharedInfo = (wire: WireInfo | null | undefined, known: DeviceInfo | null): DeviceInfo | null => {
  if (wire == null) return null;
  const { model = null, manufacturer = null, firmware = null, hardware = null } = wire;
  const { serial_number: serialNumber = null, network_type: networkType = null } = wire;
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
