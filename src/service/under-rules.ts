import { Observable, Subject, tap } from 'rxjs';
import type { Chunk, Outcome } from '../../streams/model/chunk.js';
import type { RawRecord } from '../../streams/model/raw-record.js';
import { devicePipeline, type OwnOperator } from '../../streams/pipeline.js';
import type { ActiveRules } from '../rules/active.js';
import type { RuledState } from './ruled-state.js';

/**
 * Runs a partition's chunks through the pipeline by the rules in force. With the first chunk after others were put in force the pipeline of before
 * completes, the state is bound to the new ones, and a new pipeline goes on: no record is decided by two.
 *
 *     rules    A---B-----
 *     source   -a-b-c-d-|
 *     result   -A-A-B-B-|     each outcome by the rules named
 *
 * - Memory: which rules decide since which record, in the state; saved with the offset.
 * - Completion: passed on.
 * - Errors: pass through.
 * - Purity: no clock; which rules are in force is asked once a chunk.
 * - Cost: one comparison a chunk; a change writes and reads the partition's state once, in memory.
 */
export const underRules =
  (ruled: RuledState, inForce: () => ActiveRules, own?: OwnOperator) =>
  (chunks$: Observable<Chunk<RawRecord>>): Observable<Outcome> =>
    // By hand: a chunk chooses the pipeline that it goes through, and the one before must have completed by then.
    new Observable((subscriber) => {
      let active = inForce();
      let pipeline$ = new Subject<Chunk<RawRecord>>();
      const fail = (error: unknown): void => subscriber.error(error);
      const begin = (): void => {
        ruled.bind(active);
        pipeline$ = new Subject();
        const outcomes$ = pipeline$.pipe(devicePipeline(active.settings, ruled.state, own));
        subscriber.add(outcomes$.subscribe({ next: (outcome) => subscriber.next(outcome), error: fail }));
      };
      const take = (chunk: Chunk<RawRecord>): void => {
        const current = inForce();
        if (current !== active) {
          pipeline$.complete();
          active = current;
          begin();
        }
        ruled.decidesFrom(chunk.records[0]?.origin.offset ?? chunk.next);
        pipeline$.next(chunk);
      };
      begin();
      subscriber.add(
        chunks$.pipe(tap(take)).subscribe({
          error: fail,
          complete: () => {
            pipeline$.complete();
            subscriber.complete();
          },
        }),
      );
    });
