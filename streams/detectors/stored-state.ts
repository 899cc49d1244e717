import * as t from 'io-ts';
import type { Tuned } from './detector.js';

const number = t.union([t.number, t.null]);

/** A detector's state as JSON: its fields by name, null for NaN. */
export const StoredState = t.record(t.string, t.union([number, t.array(number)]));
export type StoredState = t.TypeOf<typeof StoredState>;

const stored = (value: number): number | null => (Number.isNaN(value) ? null : value);
const restored = (value: number | null): number => value ?? NaN;

/** What is written with the offset. Numbers are kept to the last bit: JSON writes a double so that it reads back the same. */
export const storeState = (state: object): StoredState =>
  Object.fromEntries(
    Object.entries(state as Readonly<Record<string, number | readonly number[]>>).map(([field, value]) => [
      field,
      typeof value === 'number' ? stored(value) : value.map(stored),
    ]),
  );

/**
 * The state to go on with. Null when what was stored is of another shape, because settings or the detector changed: then it is learned
 * afresh.
 */
export const restoreState = <State extends object>(tuned: Tuned<State>, kept: StoredState): State | null => {
  const state = tuned.create();
  const fields = state as Record<string, number | number[]>;
  const names = Object.keys(fields);
  if (names.length !== Object.keys(kept).length) return null;
  for (const name of names) {
    const value = kept[name];
    const fresh = fields[name];
    if (value === undefined || Array.isArray(value) !== Array.isArray(fresh)) return null;
    if (!Array.isArray(value) || !Array.isArray(fresh)) fields[name] = restored(value as number | null);
    else if (value.length !== fresh.length) return null;
    else value.forEach((each, i) => (fresh[i] = restored(each)));
  }
  return state;
};

/** A row of a state: so many NaN. Made by `from`, which leaves no holes: reading and writing it stays plain double work. */
export const row = (length: number): number[] => Array.from({ length }, () => NaN);
