import { distance } from 'fastest-levenshtein';

/** How people write a name who have another language's habits in their fingers: `groupId`, `group-id`. */
const plain = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();

/** The one a misspelt name was probably meant to be; null when none is near enough to be worth a guess. */
export const closest = (name: string, candidates: readonly string[]): string | null => {
  const written = plain(name);
  const ranked = candidates
    .map((candidate) => ({ candidate, away: distance(written, plain(candidate)) }))
    .sort((a, b) => a.away - b.away);
  const best = ranked[0];
  const far = Math.min(written.length - 1, Math.max(1, Math.floor(written.length / 3)));
  return best !== undefined && best.away <= far ? best.candidate : null;
};

/** Among the siblings of where it was written; else the same name elsewhere in the file. `paths` are full ones, of keys and of sections. */
export const closestPath = (path: string, paths: readonly string[]): string | null => {
  const segments = path.split('.');
  const depth = segments.length;
  const parent = segments.slice(0, -1).join('.');
  const name = segments.at(-1) ?? '';
  const siblings = new Set(
    paths
      .map((known) => known.split('.').slice(0, depth))
      .filter((known) => known.length === depth && known.slice(0, -1).join('.') === parent)
      .map((known) => known.at(-1) ?? ''),
  );
  const sibling = closest(name, [...siblings]);
  if (sibling !== null) return [...segments.slice(0, -1), sibling].join('.');
  const last = (known: string): string => known.split('.').at(-1) ?? '';
  const elsewhere = closest(name, paths.map(last));
  return elsewhere === null ? null : (paths.find((known) => last(known) === elsewhere) ?? null);
};
