import { Leaf } from '../../config/leaf.js';
import { type Kinds, registered } from '../kinds.js';
import { entriesOf, sectionNames } from './document.js';
import { Either2, keysOf, Member, OneOrMany, Row, Table } from './member.js';

interface KeyRow {
  readonly key: string;
  readonly holds: string;
  /** As it would be written; `must be there`, or nothing. */
  readonly fallback: string;
  readonly about: string;
}

/** Markdown shows what lies between backticks as it is, except for the bar that ends a cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

const fallbackOf = ({ fallback, codec }: Member<unknown>): string => {
  if (fallback === null) return 'must be there';
  if (fallback.value === null || fallback.value === '') return '';
  return `\`${String(codec.encode(fallback.value))}\``;
};

/** Whatever a value is a list or a table of. */
const inner = (codec: unknown): unknown => {
  if (codec instanceof Row || codec instanceof OneOrMany || codec instanceof Table) return inner(codec.values);
  return codec;
};

const holdsOf = (codec: unknown): string => {
  if (codec instanceof Member) return holdsOf(codec.codec);
  if (codec instanceof Leaf) return codec.name;
  if (codec instanceof OneOrMany) return `${holdsOf(codec.values)}, or a list of such`;
  if (codec instanceof Row) return `a list: ${holdsOf(codec.values)}`;
  if (codec instanceof Table) return `by ${codec.names.name}: ${holdsOf(codec.values)}`;
  if (codec instanceof Either2) return [...new Set([holdsOf(codec.first), holdsOf(codec.second)])].join(', or ');
  return keysOf(codec) === null ? 'what is told elsewhere' : 'a mapping';
};

const sideOf = (codec: unknown): readonly unknown[] =>
  codec instanceof Either2 ? [codec.first, codec.second].map(inner) : [codec];

const rowsOf = (prefix: string, keys: Readonly<Record<string, unknown>>): readonly KeyRow[] =>
  Object.entries(keys).flatMap(([name, part]): readonly KeyRow[] => {
    if (!(part instanceof Member)) return [];
    const key = `${prefix}${name}`;
    const row = { key, holds: holdsOf(part), fallback: fallbackOf(part), about: part.about };
    const below =
      name === 'match' ? [] : sideOf(inner(part.codec)).flatMap((side) => rowsOf(`${key}.`, keysOf(side) ?? {}));
    // Of a value in two forms, a key that both have is told once.
    return [row, ...new Map(below.map((one) => [one.key, one])).values()];
  });

const tableOf = (rows: readonly KeyRow[]): string =>
  [
    '| key | holds | default | what it says |',
    '| --- | --- | --- | --- |',
    ...rows.map(({ key, holds, fallback, about }) => `| \`${key}\` | ${cell(holds)} | ${fallback} | ${cell(about)} |`),
  ].join('\n');

/** Every key of every section, for `docs/rules.md`; that of `match`, which several have, by itself. */
export const keyTables = (kinds: Kinds = registered): Readonly<Record<string, string>> => {
  const entries = entriesOf(kinds);
  return {
    ...Object.fromEntries(sectionNames.map((name) => [name, tableOf(rowsOf('', keysOf(entries[name]) ?? {}))])),
    match: tableOf(rowsOf('', keysOf(entries.devices.keys.match) ?? {})),
  };
};
