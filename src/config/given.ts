import { isRight } from 'fp-ts/lib/Either.js';
import { aliases, documentKeys } from './document.js';
import { type Origin, showOrigin } from './faults.js';

/** A key that somebody gave a value, not yet decoded. */
export interface Given {
  /** As written: for an alias, the alias. */
  readonly path: string;
  readonly raw: unknown;
  readonly origin: Origin;
}

export type GivenByPath = ReadonlyMap<string, Given>;

export interface Merged {
  readonly given: GivenByPath;
  /** In words, each with where it is. */
  readonly warnings: readonly string[];
}

/** Later layers win; within a layer the key itself wins over its alias. */
export const merge = (layers: readonly (readonly Given[])[]): Merged => {
  const given = new Map<string, Given>();
  const warnings: string[] = [];
  for (const layer of layers) {
    const own = new Map(layer.map((one) => [one.path, one]));
    for (const [alias, canonical] of aliases) {
      const meant = own.get(alias);
      const stated = own.get(canonical);
      if (meant !== undefined && stated === undefined) own.set(canonical, meant);
      if (meant !== undefined && stated !== undefined && differ(canonical, meant, stated))
        warnings.push(overruled(canonical, meant, stated));
    }
    for (const [path, one] of own) given.set(path, one);
  }
  return { given, warnings };
};

const overruled = (canonical: string, meant: Given, stated: Given): string =>
  `${showOrigin(meant.origin)}: ${meant.path} says ${String(meant.raw)}, but ${canonical} says ${String(stated.raw)} (${showOrigin(stated.origin)}), and that one holds`;

const differ = (path: string, one: Given, other: Given): boolean => {
  const codec = documentKeys.find((known) => known.path === path)?.key;
  const [a, b] = [codec?.decode(one.raw), codec?.decode(other.raw)];
  return a !== undefined && b !== undefined && isRight(a) && isRight(b) && a.right !== b.right;
};
