import { isLeft } from 'fp-ts/lib/Either.js';
import { map, type OperatorFunction } from 'rxjs';
import { throughRecords } from '../chunks/through-records.js';
import type { Chunk, Sourced } from '../model/chunk.js';
import type { Stage } from '../model/stage.js';

/**
 * Lifts a function of one record to chunks.
 *
 * A record for which the stage gives `Left` leaves the main path: a `Skip` is counted, a `Rejection` becomes a dead letter. A stage
 * that throws makes a dead letter `faulted` of that record alone.
 *
 *     source   -a-b-|     stage: doubles what is even, rejects what is odd
 *     result   -A-B-|     a: 1, 2; A: 4 and the dead letter of 1; b: 3; B: the dead letter of 3
 *
 * - Memory: none.
 * - Completion: passed on.
 * - Errors: pass through; the stage's own never get out.
 * - Purity: that of the stage.
 * - Cost: one call and at most one small object per record; one notification per chunk.
 */
export const eachRecord =
  <A, B>(stage: Stage<A, B>, name: string = stage.name || 'stage'): OperatorFunction<Chunk<A>, Chunk<B>> =>
  (chunks$) =>
    chunks$.pipe(
      map((chunk) =>
        throughRecords<A, B>(name, chunk, (record, draft) => {
          const result = stage(record.value, record.origin);
          if (isLeft(result)) draft.turnAway(record.origin, result.left);
          else if (isSame(record, result.right)) draft.keep(record);
          else draft.keep({ value: result.right, origin: record.origin });
        }),
      ),
    );

/** A stage that lets its value through as it is costs no new object. */
const isSame = <A, B>(record: Sourced<A>, value: A | B): record is Sourced<A & B> => record.value === value;
