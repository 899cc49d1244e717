type Json = Readonly<Record<string, unknown>>;

const places = ['building', 'floor', 'room', 'zone', 'latitude', 'longitude'];
const details = {
  model: 'model',
  manufacturer: 'manufacturer',
  firmware: 'firmware',
  hardware: 'hardware',
  serialNumber: 'serial_number',
  networkType: 'network_type',
};

const picked = (from: Json, names: Readonly<Record<string, string>>): Json =>
  Object.fromEntries(Object.entries(names).map(([name, written]) => [name, from[written] ?? null]));

/** What a record says of the device itself; of a flat one, whose location is a text, that text is the building. */
export const profileOf = (json: Json): Json => {
  const { device_type: type, status, location, device_info: info } = json;
  const place = typeof location === 'string' ? { building: location } : (location as Json | null | undefined);
  return {
    type: type ?? null,
    status: status ?? null,
    location: place ? picked(place, Object.fromEntries(places.map((name) => [name, name]))) : null,
    info: info ? picked(info as Json, details) : null,
  };
};

const goodWords: readonly unknown[] = ['', 'online', 'normal', 'active', 'on', 'off', '正常'];
const badWords: readonly unknown[] = ['error', 'offline', '故障'];

/** As good as the worst word; no word is no bad word, an unknown one is a doubtful one. */
export const qualityOf = (statuses: readonly unknown[]): 'good' | 'uncertain' | 'bad' => {
  if (statuses.some((status) => badWords.includes(status))) return 'bad';
  return statuses.every((status) => goodWords.includes(status ?? '')) ? 'good' : 'uncertain';
};
