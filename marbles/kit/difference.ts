import { isDeepStrictEqual } from 'node:util';
import type { Chunk } from '../../streams/model/chunk.js';
import { asClaim, Claim } from './claims.js';
import { isChunk, shown, shownMembers, shownRecord } from './shown.js';

/** What differs between a value that came and the one that was expected: `-` expected, `+` came. Empty when nothing does. */
export const difference = (came: unknown, expected: unknown): readonly string[] => {
  if (isChunk(came) && (expected instanceof Claim || isChunk(expected))) return ofChunk(came, asClaim(expected));
  if (isDeepStrictEqual(came, expected)) return [];
  return [`- ${shownExpected(expected)}`, `+ ${shown(came)}`];
};

const shownExpected = (expected: unknown): string =>
  expected instanceof Claim ? 'a chunk, which this is not' : shown(expected);

const ofChunk = (came: Chunk<unknown>, { claimed }: Claim): readonly string[] => [
  ...(claimed.records === null
    ? []
    : ofLines('record', came.records.map(shownRecord), claimed.records.map(shownRecord))),
  ...ofMembers('window', came.windows, claimed.windows),
  ...ofMembers('finding', came.findings, claimed.findings),
  ...ofMembers('alert', came.alerts, claimed.alerts),
  ...ofMembers(
    'dead letter',
    came.rejected.map(({ rejection }) => rejection),
    claimed.rejected,
  ),
  ...ofMembers(
    'skipped',
    came.skipped.map(({ skip }) => skip),
    claimed.skipped,
  ),
];

const ofLines = (what: string, came: readonly string[], expected: readonly string[]): readonly string[] =>
  each(came, expected).flatMap(([line, wanted]) =>
    line === wanted ? [] : [...told('-', what, wanted), ...told('+', what, line)],
  );

const ofMembers = (what: string, came: readonly object[], expected: readonly object[]): readonly string[] =>
  each(came, expected).flatMap(([item, wanted]) => {
    if (item !== undefined && wanted !== undefined && holds(item, wanted)) return [];
    const told_ = item === undefined ? undefined : shownMembers(wanted === undefined ? item : asked(item, wanted));
    return [...told('-', what, wanted && shownMembers(wanted)), ...told('+', what, told_)];
  });

const told = (sign: string, what: string, line: string | undefined): readonly string[] =>
  line === undefined ? [] : [`${sign} ${what}: ${line}`];

const each = <A, B>(a: readonly A[], b: readonly B[]): (readonly [A | undefined, B | undefined])[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [a[i], b[i]] as const);

const holds = (item: object, wanted: object): boolean =>
  Object.entries(asked(item, wanted)).every(([name, value]) => isEqual(value, wanted[name as keyof typeof wanted]));

/** Those members of an item that somebody asked for. */
const asked = (item: object, wanted: object): object =>
  Object.fromEntries(Object.keys(wanted).map((name) => [name, item[name as keyof typeof item]]));

/** Sums in another order differ in their last bits; nobody means those. */
const isEqual = (a: unknown, b: unknown): boolean =>
  typeof a === 'number' && typeof b === 'number'
    ? Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b))
    : isDeepStrictEqual(a, b);
