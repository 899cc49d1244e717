import type { DeviceFacts, ProfileField } from '../../../streams/rules/rules.js';
import type { MatchDoc } from '../document/match.js';
import { profileField } from '../fields.js';
import { globMatches } from '../glob.js';
import { canonical } from '../version.js';

/** Whether a device, with the tags it has so far, is meant. */
export type Selector = (facts: DeviceFacts, tags: ReadonlySet<string>) => boolean;

type Member = Exclude<keyof MatchDoc, 'id' | 'tag'>;

const members = [
  'type',
  'status',
  'building',
  'floor',
  'room',
  'zone',
  'model',
  'manufacturer',
] as const satisfies readonly Member[];

export const selectorOf = (match: MatchDoc): Selector => {
  const tests: Selector[] = [];
  const { id, tag } = match;
  if (id !== null) tests.push(({ id: own }) => id.some((glob) => globMatches(glob, own)));
  for (const name of members) {
    const globs = match[name];
    if (globs !== null) tests.push(fieldTest(profileField(name), globs));
  }
  if (tag !== null) tests.push((_facts, tags) => [...tags].some((own) => tag.some((glob) => globMatches(glob, own))));
  return (facts, tags) => tests.every((test) => test(facts, tags));
};

const fieldTest =
  (field: ProfileField, globs: readonly string[]): Selector =>
  ({ profile }) => {
    const value = field(profile);
    return value !== null && globs.some((glob) => globMatches(glob, String(value)));
  };

/** Whether globs describe no texts but themselves. */
export const isLiteral = (globs: readonly string[]): boolean => globs.every((glob) => !/[*?]/.test(glob));

/** Whether no device can be meant by both: they name different things out. */
export const areApart = (one: MatchDoc, other: MatchDoc): boolean =>
  (['id', ...members] as const).some((name) => {
    const [a, b] = [one[name], other[name]];
    if (a === null || b === null) return false;
    if (isLiteral(a)) return !a.some((text) => b.some((glob) => globMatches(glob, text)));
    return isLiteral(b) && !b.some((text) => a.some((glob) => globMatches(glob, text)));
  });

/** Selectors, each kept once, so that a device is asked once about what many rules ask. */
export class Selectors {
  private readonly places = new Map<string, number>();
  readonly all: Selector[] = [];

  /** Its place in `all`; −1 for every device. */
  placeOf(match: MatchDoc | null): number {
    if (match === null) return -1;
    const key = canonical(match);
    const known = this.places.get(key);
    if (known !== undefined) return known;
    this.all.push(selectorOf(match));
    this.places.set(key, this.all.length - 1);
    return this.all.length - 1;
  }
}
