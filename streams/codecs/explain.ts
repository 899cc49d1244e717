import { isLeft } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';

/** The first place where a value is not what its codec expects. */
export interface Mismatch {
  /** `sensors.temperature.value`; empty for the whole. */
  readonly path: string;
  /** What was expected there and what was found. */
  readonly message: string;
}

/** Explains why a codec refuses a value; null when it does not. Slow: only for what a check has refused. */
export const explain = (codec: t.Mixed, value: unknown): Mismatch | null => {
  const decoded = codec.decode(value);
  if (!isLeft(decoded)) return null;
  const error = decoded.left[0];
  if (error === undefined) return { path: '', message: `expected ${codec.name}` };
  // Members of a union or an intersection have their index as key, which is no part of the value's path.
  const path = error.context.filter(({ key }, index) => key !== '' && !isCombination(error.context[index - 1]?.type));
  const expected = error.context.findLast(
    (entry, index) => !isCombination(error.context[index - 1]?.type) && entry.key !== '',
  );
  const name = path.map(({ key }) => key).join('.');
  return {
    path: name,
    message: `${name === '' ? 'the record' : name}: expected ${(expected ?? error.context[0])?.type.name ?? codec.name}, found ${shown(error.value)}`,
  };
};

const isCombination = (type: t.Decoder<unknown, unknown> | undefined): boolean =>
  type !== undefined && '_tag' in type && (type._tag === 'UnionType' || type._tag === 'IntersectionType');

const longest = 80;

/** A value as messages show it: as JSON, so that nothing in it acts as anything but text, and cut off before it gets long. */
export const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string' && value.length > longest) return `${JSON.stringify(value.slice(0, longest))}…`;
  const text = JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
};
