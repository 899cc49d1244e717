import * as t from 'io-ts';
import { defer, type MonoTypeOperatorFunction, tap } from 'rxjs';
import { addTally, type Chunk, emptyTally, type Tally, tallyOf } from '../model/chunk.js';
import { memory, type PartitionState } from '../state/partition-state.js';

/** As stored in the partition's own part of the state. */
export const StoredTally: t.Type<Tally> = t.type({
  read: t.number,
  counted: t.number,
  duplicate: t.number,
  late: t.number,
  dead: t.number,
  skipped: t.number,
});

/**
 * Counts what became of every record: read = counted + duplicate + late + dead + skipped.
 *
 *     source   -a-b-|     a: two counted, one late; b: one duplicate
 *     result   -a-b-|     remembered at the end: read 4, counted 2, duplicate 1, late 1
 *
 * - Memory: six numbers per partition, in `state`; saved with the offset. Comes last: what is on the main path by then has counted.
 * - Completion: passed on.
 * - Errors: pass through.
 * - Purity: no clock, no randomness.
 * - Cost: per chunk, not per record.
 */
export const tally =
  <A>(state: PartitionState): MonoTypeOperatorFunction<Chunk<A>> =>
  (chunks$) =>
    defer(() => {
      const remembered = state.ofPartition(tallyMemory);
      return chunks$.pipe(
        tap((chunk) => {
          remembered.sum = addTally(remembered.sum, tallyOf(chunk));
        }),
      );
    });

const tallyMemory = memory<{ sum: Tally }, Tally>({
  name: 'tally',
  create: () => ({ sum: emptyTally }),
  stored: StoredTally,
  store: ({ sum }) => sum,
  restore: (sum) => ({ sum }),
});
