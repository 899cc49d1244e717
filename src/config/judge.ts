import type * as t from 'io-ts';
import type { CrossFinding } from './cross-checks.js';
import { documentKeys, keyAround } from './document.js';
import { type ConfigFault, showPath, showValue } from './faults.js';
import type { GivenByPath } from './given.js';
import { saidByMessage } from './leaf.js';
import { closestPath } from './nearest.js';
import { unknownKey } from './section.js';
import type { YamlFile } from './yaml-file.js';

export const pathOf = (error: t.ValidationError): readonly string[] =>
  error.context.map(({ key }) => key).filter((key) => key !== '');

/** Keys, and the sections they lie in. */
const allPaths = [
  ...new Set(
    documentKeys.flatMap(({ path }) =>
      path.split('.').map((_, depth, segments) => segments.slice(0, depth + 1).join('.')),
    ),
  ),
];

/** Turns what is wrong into what people read. */
export class Judge {
  constructor(
    private readonly yaml: YamlFile,
    private readonly given: GivenByPath,
  ) {}

  faultOf(error: t.ValidationError): ConfigFault {
    const path = pathOf(error);
    const last = error.context.at(-1);
    if (last?.type === unknownKey) return this.stranger(path);
    const isSaid = last?.type === saidByMessage;
    const isHidden = keyAround(path)?.key.about.isSecret === true;
    return {
      ...this.placeOf(path),
      problem: error.message ?? '',
      expected: isSaid ? null : (last?.type.name ?? null),
      found: isHidden || isSaid ? null : showValue(error.value),
      nearest: null,
    };
  }

  faultOfCross({ paths, problem }: CrossFinding): ConfigFault {
    const said = paths.find((path) => this.given.has(keyAround(path.split('.'))?.path ?? path)) ?? paths[0];
    const others = said === paths[0] ? '' : `${showPath(paths[0])} (not given): `;
    return { ...this.placeOf(said.split('.')), problem: others + problem, expected: null, found: null, nearest: null };
  }

  private stranger(path: readonly string[]): ConfigFault {
    const nearest = closestPath(path.join('.'), allPaths);
    return { ...this.placeOf(path, 'key'), problem: 'there is no such key', expected: null, found: null, nearest };
  }

  private placeOf(path: readonly string[], part: 'key' | 'value' = 'value'): Pick<ConfigFault, 'origin' | 'key'> {
    const key = keyAround(path)?.path;
    const given = key === undefined ? undefined : this.given.get(key);
    if (key === undefined || given === undefined)
      return { origin: this.yaml.locate(path, part), key: showPath(path.join('.')) };
    const written = [...given.path.split('.'), ...path.slice(key.split('.').length)];
    const origin = given.origin.from === 'file' ? this.yaml.locate(written, part) : given.origin;
    return { origin, key: showPath(written.join('.')) };
  }
}

const rank = { file: 0, env: 1, flag: 2, default: 3 } as const;

/** File by file as they stand there, then the environment, then the flags; each once. */
export const inOrder = <F extends ConfigFault>(faults: readonly F[]): readonly F[] =>
  [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()].sort(({ origin: a }, { origin: b }) =>
    a.from === 'file' && b.from === 'file'
      ? byName(a.file, b.file) || a.line - b.line || a.column - b.column
      : rank[a.from] - rank[b.from],
  );

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
