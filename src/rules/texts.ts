import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { RuleFault } from './findings.js';
import { faultOfFile, readTextFile, unreadable } from './text-file.js';

/** A file of rules as text. */
export interface RuleText {
  /** As people know it: `rules/cold-room.rules.yaml`. */
  readonly name: string;
  readonly text: string;
}

/** Of all files together. 20,000 rules need about a fifth of it. */
const largestBytes = 4 * 1_048_576;
const suffix = '.rules.yaml';

/** The file, or every `*.rules.yaml` of the folder in the order of their names. What is too large is not even read. */
export const readTexts = (path: string): Either<readonly RuleFault[], readonly RuleText[]> => {
  try {
    const files = statSync(path).isDirectory() ? filesOf(path) : [path];
    if (files.length === 0) return left([faultOfFile(path, `no file in this folder ends in ${suffix}`)]);
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    if (bytes > largestBytes) return left([faultOfFile(path, `${bytes} bytes: rules have at most ${largestBytes}`)]);
    const read = files.map(readText);
    const faults = read.flatMap((one) => (isLeft(one) ? [one.left] : []));
    return faults.length > 0 ? left(faults) : right(read.flatMap((one) => (isLeft(one) ? [] : [one.right])));
  } catch (error) {
    return left([unreadable(path, error)]);
  }
};

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(suffix) && !name.startsWith('.'))
    .sort()
    .map((name) => join(folder, name));

const readText = (file: string): Either<RuleFault, RuleText> =>
  map((text: string) => ({ name: file, text }))(readTextFile(file, largestBytes));

const Bundle = t.readonlyArray(t.type({ name: t.string, text: t.string }));

/** One text that holds them all, so that others can compile the very same rules. Folders don't matter elsewhere: only names of files are kept. */
export const bundled = (texts: readonly RuleText[]): string =>
  JSON.stringify(texts.map(({ name, text }) => ({ name: basename(name), text })));

/** The texts that a bundle holds; null when it is none. */
export const unbundled = (bundle: string): readonly RuleText[] | null => {
  try {
    const decoded = Bundle.decode(JSON.parse(bundle));
    return isLeft(decoded) ? null : decoded.right;
  } catch {
    return null;
  }
};
