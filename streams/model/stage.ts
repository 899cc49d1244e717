import type { Either } from 'fp-ts/lib/Either.js';
import type { RawRecord } from './raw-record.js';
import type { Rejection, Skip } from './rejection.js';

/** A pure step on one record: the next value, or why the record leaves the main path. */
export type Stage<A, B> = (value: A, origin: RawRecord) => Either<Rejection | Skip, B>;
