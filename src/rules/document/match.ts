import type * as t from 'io-ts';
import { Leaf } from '../../config/leaf.js';
import { section } from '../../config/section.js';
import { glob } from './forms.js';
import { may, OneOrMany } from './member.js';

/** A floor is a number where it is written down, and a text where it is matched. */
const globOrNumber = new Leaf<string>(
  glob.name,
  (u): u is string => glob.is(u),
  (u, context) => glob.validate(typeof u === 'number' ? String(u) : u, context),
  (value) => value,
  glob.fromText,
  { anyOf: [glob.schema, { type: 'number' }] },
);

const globs = (what: string) => may(new OneOrMany(glob), `${what}; \`*\` stands for any characters, \`?\` for one.`);

/** Which devices. All members that are given must match; of a list, one. */
export const match = section({
  id: globs("The device's id"),
  type: globs("The device's type"),
  status: globs('Its status, in the canonical words'),
  building: globs('The building it stands in'),
  floor: may(new OneOrMany(globOrNumber), 'The floor it stands on.'),
  room: globs('The room it stands in'),
  zone: globs('The zone it stands in'),
  model: globs('Its model'),
  manufacturer: globs('Who made it'),
  tag: globs('A tag that a group of devices gave it; in a group, those above count'),
});

export type MatchDoc = t.TypeOf<typeof match>;

export const matching = may(match, 'The devices this is for; all when it is not there.');
