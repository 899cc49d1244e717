import { type Either, isLeft, isRight, left, right } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { Config } from './config.js';
import { type CrossFinding, crossChecks } from './cross-checks.js';
import { type Document, document, documentKeys, keyAround } from './document.js';
import { type Environment, readEnvironment } from './environment.js';
import { type ConfigFault, type Origin, showOrigin } from './faults.js';
import { type Given, merge } from './given.js';
import { inOrder, Judge, pathOf } from './judge.js';
import { toConfig } from './to-config.js';
import { valueAt, without, withValue } from './tree.js';
import { noFile, readYaml, type YamlFile } from './yaml-file.js';

/** What a flag of the command line says about a key. */
export interface Flag {
  /** `--brokers` */
  readonly name: string;
  /** `kafka.brokers` */
  readonly path: string;
  readonly text: string;
}

export interface Told {
  readonly file?: string;
  readonly env: Environment;
  readonly flags: readonly Flag[];
}

export interface Resolved {
  readonly config: Config;
  readonly document: Document;
  /** Of every key, by its path. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Strange, yet possible: a line each, with where it is. */
  readonly warnings: readonly string[];
}

/** Flag over environment over file over default; decoded once. Every fault at once, in the order of the file. */
export const loadConfig = ({ file, env, flags }: Told): Either<readonly ConfigFault[], Resolved> => {
  const environment = readEnvironment(env);
  const yaml = file === undefined ? right(noFile) : readYaml(file);
  if (isLeft(yaml)) return left([...yaml.left, ...environment.faults]);
  const layers = [givenInFile(yaml.right), environment.given, flags.map(givenByFlag)];
  const { given, warnings } = merge(layers);
  const tree = [...given].reduce<unknown>(
    (at, [path, one]) => withValue(at, path.split('.'), one.raw),
    yaml.right.tree ?? {},
  );
  const judge = new Judge(yaml.right, given);
  const decoded = document.decode(tree);
  const faults = isLeft(decoded) ? decoded.left.map((error) => judge.faultOf(error)) : [];
  const findings = crossFindings(tree, decoded);
  faults.push(...findings.filter(({ isFault }) => isFault).map((finding) => judge.faultOfCross(finding)));
  const all = inOrder([...faults, ...environment.faults]);
  if (isLeft(decoded) || all.length > 0) return left(all);
  const strange = findings.map((finding) => judge.faultOfCross(finding));
  return right({
    config: toConfig(decoded.right),
    document: decoded.right,
    origins: new Map(documentKeys.map(({ path }) => [path, given.get(path)?.origin ?? ({ from: 'default' } as const)])),
    warnings: [...warnings, ...strange.map(({ origin, key, problem }) => `${showOrigin(origin)}: ${key}: ${problem}`)],
  });
};

const givenInFile = (yaml: YamlFile): readonly Given[] =>
  documentKeys.flatMap(({ path }): readonly Given[] => {
    const raw = valueAt(yaml.tree, path);
    return raw === undefined ? [] : [{ path, raw, origin: yaml.locate(path.split('.'), 'value') }];
  });

const givenByFlag = ({ name, path, text }: Flag): Given => {
  const key = documentKeys.find((known) => known.path === path)?.key;
  return { path, raw: key === undefined ? text : key.fromText(text), origin: { from: 'flag', name } };
};

/**
 * Faults between keys are looked for even when some keys are faulty by themselves: those are left out for this, and what would
 * have been said about them too.
 */
const crossFindings = (tree: unknown, decoded: t.Validation<Document>): readonly CrossFinding[] => {
  if (isRight(decoded)) return checked(decoded.right);
  const faulty = decoded.left.map((error) => keyAround(pathOf(error))?.path ?? pathOf(error).join('.'));
  const rest = document.decode(faulty.reduce<unknown>((at, path) => without(at, path.split('.')), tree));
  if (isLeft(rest)) return [];
  const concerns = ({ paths }: CrossFinding): boolean =>
    paths.some((path) => faulty.some((bad) => path === bad || path.startsWith(`${bad}.`)));
  return checked(rest.right).filter((finding) => !concerns(finding));
};

const checked = (from: Document): readonly CrossFinding[] => crossChecks.flatMap((check) => check(from));
