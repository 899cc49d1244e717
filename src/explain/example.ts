import type { DeviceFacts } from '../../streams/rules/rules.js';
import type { Profile } from '../../streams/model/device.js';
import type { Fields } from '../replay/device-text.js';
import { selectorOf } from '../rules/compile/selectors.js';
import type { Decoded } from '../rules/decode.js';
import type { GroupDoc } from '../rules/document/devices.js';
import type { MatchDoc } from '../rules/document/match.js';
import { fieldNames } from '../rules/fields.js';

/** A device as people describe it. */
export interface Described {
  readonly id: string;
  readonly fields: Fields;
}

/** The same as rules look at it. */
export const factsOf = ({ id, fields }: Described): DeviceFacts => {
  const text = (name: (typeof fieldNames)[number]): string | null => (name in fields ? String(fields[name]) : null);
  const number = (name: (typeof fieldNames)[number]): number | null => (name in fields ? Number(fields[name]) : null);
  const location: Profile['location'] = {
    building: text('building'),
    floor: number('floor'),
    room: text('room'),
    zone: text('zone'),
    latitude: number('latitude'),
    longitude: number('longitude'),
  };
  const info: Profile['info'] = {
    model: text('model'),
    manufacturer: text('manufacturer'),
    firmware: text('firmware'),
    hardware: text('hardware'),
    serialNumber: text('serial_number'),
    networkType: text('network_type'),
  };
  return { id, profile: { type: text('type'), status: text('status'), location, info } };
};

type Groups = Decoded['sections']['devices'];

/** The groups that a device is in, in the order of the file. */
export const groupsOf = (facts: DeviceFacts, groups: Groups): readonly GroupDoc[] => {
  const tags = new Set<string>();
  return groups.flatMap(({ value }) => {
    if (value.match !== null && !selectorOf(value.match)(facts, tags)) return [];
    for (const tag of value.tags ?? []) tags.add(tag);
    return [value];
  });
};

const members = ['type', 'status', 'building', 'floor', 'room', 'zone', 'model', 'manufacturer'] as const;

/** A device that is meant by a match, made up from what it asks for; null when nothing obvious is. */
export const exampleOf = (match: MatchDoc | null, groups: Groups): Described | null => {
  const wanted = wantedBy(match, groups);
  const fields: Record<string, string> = {};
  let id = 'example';
  for (const one of wanted) {
    if (one.id?.[0] !== undefined) id = spelled(one.id[0]);
    for (const name of members) {
      const [glob] = one[name] ?? [];
      if (glob !== undefined) fields[name] = spelled(glob);
    }
  }
  const described = { id, fields };
  const facts = factsOf(described);
  const tags = new Set(groupsOf(facts, groups).flatMap(({ tags: given }) => given ?? []));
  return match === null || selectorOf(match)(facts, tags) ? described : null;
};

/** What a match asks for, and what the groups that give its tags ask for, those first. */
const wantedBy = (match: MatchDoc | null, groups: Groups): readonly MatchDoc[] => {
  if (match === null) return [];
  const [tag] = match.tag ?? [];
  const giver = groups.find(
    ({ value }) => tag !== undefined && value.tags?.includes(tag) === true && value.match !== match,
  );
  return [...(giver === undefined ? [] : wantedBy(giver.value.match, groups.slice(0, groups.indexOf(giver)))), match];
};

const spelled = (glob: string): string => glob.replaceAll('*', '1').replaceAll('?', '1');

/** A match as it is read: `type fridge or cold-room, tag chilled`; `all` for none. */
export const matchWords = (match: MatchDoc | null): string =>
  match === null
    ? 'all'
    : Object.entries(match)
        .flatMap(([name, globs]) => (globs === null ? [] : [`${name} ${globs.join(' or ')}`]))
        .join(', ');
