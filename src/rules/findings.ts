import { type ConfigFault, showPath, showValue } from '../config/faults.js';
import { inOrder } from '../config/judge.js';
import { closest } from '../config/nearest.js';
import type { YamlFile } from '../config/yaml-file.js';

/** Something wrong, or strange, in a file of rules. */
export interface RuleFault extends ConfigFault {
  /** Id of the rule, or name of the metric, in whose entry it is; null outside of entries. */
  readonly rule: string | null;
}

/** Where an entry of a section stands. */
export interface Place {
  readonly file: YamlFile;
  /** `['alerts', '3']` */
  readonly path: readonly string[];
  readonly rule: string | null;
}

/** Whether an entry has a key, and not only what stands for it where it is left out. */
export const isWritten = ({ file, path }: Place, key: string): boolean => {
  let at: unknown = file.tree;
  for (const name of path) at = isObject(at) ? at[name] : undefined;
  return isObject(at) && at[key] !== undefined;
};

const isObject = (u: unknown): u is Readonly<Record<string, unknown>> => typeof u === 'object' && u !== null;

/** An entry, decoded. */
export interface Entry<A> {
  readonly value: A;
  readonly place: Place;
}

export interface Details {
  readonly expected?: string;
  readonly found?: unknown;
  /** What may have been meant. */
  readonly among?: readonly string[];
  /** Which character of the text is meant. */
  readonly index?: number;
  /** Whether the name of the key is meant, and not its value. */
  readonly isKey?: boolean;
}

/** Gathers what is wrong and what is strange, so that people hear everything at once. */
export class Findings {
  private readonly faulty: RuleFault[] = [];
  private readonly strange: RuleFault[] = [];

  get hasFaults(): boolean {
    return this.faulty.length > 0;
  }

  /** Each once, file by file, in the order of their lines. */
  get faults(): readonly RuleFault[] {
    return inOrder(this.faulty);
  }

  get warnings(): readonly RuleFault[] {
    return inOrder(this.strange);
  }

  add(fault: RuleFault): void {
    this.faulty.push(fault);
  }

  fault(place: Place, below: readonly string[], problem: string, details: Details = {}): void {
    this.faulty.push(faultAt(place, below, problem, details));
  }

  warn(place: Place, below: readonly string[], problem: string, details: Details = {}): void {
    this.strange.push(faultAt(place, below, problem, details));
  }
}

const faultAt = (place: Place, below: readonly string[], problem: string, details: Details): RuleFault => {
  const path = [...place.path, ...below];
  const { expected = null, found, among, index, isKey = false } = details;
  return {
    origin: index === undefined ? place.file.locate(path, isKey ? 'key' : 'value') : place.file.locateIn(path, index),
    key: showPath(path.join('.')),
    problem,
    expected,
    found: found === undefined ? null : showValue(found),
    nearest: among === undefined || typeof found !== 'string' ? null : closest(found, among),
    rule: place.rule,
  };
};
