import type * as t from 'io-ts';
import type { CheckClaim } from '../../../streams/rules/rules.js';
import type { Compiling, Slot } from '../compiling.js';
import type { FieldName } from '../fields.js';

/** What a claim speaks of, by the key that says which: a metric, a field of the device, or the record as a whole. */
interface Subjects {
  readonly metric: Slot;
  readonly field: FieldName;
  readonly record: null;
}

export type SubjectName = keyof Subjects;

/** A kind of claim that a check makes, as people write it and as the pipeline asks it. It remembers nothing but what it `keeps`. */
export interface ClaimKind<C extends t.Mixed = t.Mixed, S extends SubjectName = SubjectName> {
  /** Its key in the rules file. */
  readonly name: string;
  /** What stands there, and what people are told about it. */
  readonly codec: C;
  readonly about: string;
  /** The key that must be there beside it; `record`: none. */
  readonly of: S;
  /** Whether what breaks it has a nearest value that is right. */
  readonly canClamp: boolean;
  /** What it claims as plain functions. Null when that can't be, once the fault is told. */
  compiled(claimed: t.TypeOf<C>, subject: Subjects[S], compiling: Compiling): CheckClaim | null;
}

/** A breach of the record as a whole. */
export const ofRecord = (message: string) => ({ metric: -1, message, nearest: NaN });
