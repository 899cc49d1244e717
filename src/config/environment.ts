import { readFileSync } from 'node:fs';
import { type DocumentKey, documentKeys } from './document.js';
import type { ConfigFault, Origin } from './faults.js';
import type { Given } from './given.js';
import { closest } from './nearest.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Names the file itself; read by the command line, not a key. */
const configFileVariable = 'WEIR_CONFIG';

const secretSuffix = '_FILE';
const prefix = 'WEIR_';

export interface FromEnvironment {
  readonly given: readonly Given[];
  readonly faults: readonly ConfigFault[];
}

/** A variable set to nothing is one that is not set: compose files and shells write it so. */
const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

/** Every variable that concerns a key; every `WEIR_…` variable that concerns none is a fault. */
export const readEnvironment = (env: Environment): FromEnvironment => {
  const read = documentKeys.map((key) => readKey(key, env));
  return {
    given: read.flatMap(({ given }) => given),
    faults: [...read.flatMap(({ faults }) => faults), ...strangers(env)],
  };
};

const readKey = (of: DocumentKey, env: Environment): FromEnvironment => {
  const { path, key } = of;
  const direct = of.env.flatMap((name): Given[] => {
    const value = env[name];
    return isSet(value) ? [{ path, raw: key.fromText(value), origin: { from: 'env', name } }] : [];
  });
  if (key.about.isSecret !== true) return { given: direct, faults: [] };
  const fromFiles = of.env.map((name) => readSecret(path, name + secretSuffix, env));
  const given = [...direct, ...fromFiles.flatMap((read) => read.given)];
  const names = given.map(({ origin }) => (origin.from === 'env' ? origin.name : ''));
  const both = direct.length > 0 && given.length > direct.length;
  const twice = both
    ? [faultOf(given[0]?.origin ?? { from: 'default' }, path, `given twice, by ${names.join(' and ')}: leave one`)]
    : [];
  return { given, faults: [...fromFiles.flatMap((read) => read.faults), ...twice] };
};

const readSecret = (path: string, name: string, env: Environment): FromEnvironment => {
  const file = env[name];
  if (!isSet(file)) return { given: [], faults: [] };
  const origin: Origin = { from: 'env', name };
  try {
    // Editors and `echo` end a file with a line break, which is no part of the secret.
    const raw = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    return { given: [{ path, raw, origin }], faults: [] };
  } catch (error) {
    return {
      given: [],
      faults: [
        faultOf(origin, path, `the file can't be read: ${error instanceof Error ? error.message : String(error)}`),
      ],
    };
  }
};

const faultOf = (origin: Origin, key: string, problem: string, nearest: string | null = null): ConfigFault => ({
  origin,
  key,
  problem,
  expected: null,
  found: null,
  nearest,
});

const knownNames: readonly string[] = [
  configFileVariable,
  ...documentKeys.flatMap(({ env, key }) =>
    key.about.isSecret === true ? env.flatMap((name) => [name, name + secretSuffix]) : env,
  ),
].filter((name) => name.startsWith(prefix));

/** What Kubernetes puts into every container for a service whose name begins with `weir`: nobody's mistake, and not for us. */
const serviceLink =
  /^WEIR_(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;

const strangers = (env: Environment): readonly ConfigFault[] =>
  Object.keys(env)
    .filter(
      (name) => name.startsWith(prefix) && isSet(env[name]) && !knownNames.includes(name) && !serviceLink.test(name),
    )
    .map((name) => {
      const isFileOfKey = name.endsWith(secretSuffix) && knownNames.includes(name.slice(0, -secretSuffix.length));
      const problem = isFileOfKey ? 'only secrets can be read from a file' : 'no key has this name';
      return faultOf(
        { from: 'env', name },
        '',
        problem,
        isFileOfKey ? name.slice(0, -secretSuffix.length) : closest(name, knownNames),
      );
    });
