import type * as t from 'io-ts';
import type { Bounds } from '../../../streams/alerts/claims.js';
import type { AlertFacts, AlertLevel } from '../../../streams/rules/rules.js';
import type { Compiling } from '../compiling.js';
import type { Details } from '../findings.js';

/** An entry of the rules file, or a level of its ladder, decoded: what stands under each key, null where nothing does. */
export type Doc = Readonly<Record<string, unknown>>;

/**
 * A kind of condition: when an alert is raised and cleared, as people write it and as the pipeline asks it. It remembers nothing: waiting, counting and
 * the life of an alert are the same for all kinds.
 */
export interface Condition<Keys extends t.Props = t.Props> {
  /** The key of the rules file that says that a level is of this kind. */
  readonly name: string;
  /** Stands for the kind in the shape of a rule, which is stored with its episodes: never rename one in use. */
  readonly shape: string;
  /** Its keys, `name` among them, as `may(codec, about)`: they stand beside `severity`, in the order in which people read of them. */
  readonly keys: Keys;
  /** Null: `on` must be there, which says whose values it judges. Otherwise why `on` has no place: it reads metrics by itself. */
  readonly whyNoOn: string | null;
  /** Why its other keys say nothing where `name` is not there. */
  readonly stray?: string;
  /** What stands under the keys as plain functions. Null when that can't be, once the fault is told. */
  compiled(doc: t.TypeOfProps<Keys>, compiling: Compiling): Compiled | null;
}

/** A condition, compiled: what the pipeline asks, and what is asked before rules get there. */
export interface Compiled extends Bounds {
  /** What a colleague would say of its numbers. */
  readonly remarks: readonly Remark[];
  /** … when the values it judges lie within a range. */
  remarksWithin(range: ValueRange): readonly Remark[];
  /** The same with the levels that a group of devices says. A text: why it has none, to be read after the rule's id. */
  moved(change: LevelChange): Compiled | string;
  /** What people are told when the rule has no message of its own. `what` is the value's name, `shown` a value with its unit. */
  says(facts: AlertFacts, what: string, shown: (value: number) => string): string;
}

/** Something strange about a number: the key under which it stands, and why. */
export interface Remark {
  readonly key: string;
  readonly problem: string;
  readonly details: Details;
}

export interface ValueRange {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

/** Null: as it was. */
export interface LevelChange {
  readonly raise: number | null;
  readonly clear: number | null;
}

/** A level of a rule, as long as it can be moved. */
export interface CompiledLevel extends Compiled, AlertLevel {
  readonly condition: Condition;
}

/** The kind of a level; none when it is a ladder, or faulty. */
export const conditionOf = (doc: Doc, conditions: readonly Condition[]): Condition | undefined =>
  conditions.find(({ name }) => isThere(doc, name));

export const isThere = (doc: Doc, key: string): boolean => (doc[key] ?? null) !== null;
