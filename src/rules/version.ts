import { createHash } from 'node:crypto';

type Mapping = Readonly<Record<string, unknown>>;

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const mapping = value as Mapping;
  return Object.fromEntries(
    Object.keys(mapping)
      .sort()
      .map((key) => [key, sorted(mapping[key])]),
  );
};

/** One text for what means the same: the order of keys does not matter, that of lists does. */
export const canonical = (value: unknown): string => JSON.stringify(sorted(value));

/** Of a rule, what its memory is for, in a few characters: they are stored with every device. */
export const shapeIn = (value: unknown): string => versionOf(value).slice(0, 6);

/** SHA-256, its first 12 hex digits. */
export const versionOf = (value: unknown): string =>
  createHash('sha256').update(canonical(value)).digest('hex').slice(0, 12);
