import {
  connect,
  debounceTime,
  endWith,
  filter,
  ignoreElements,
  map,
  merge,
  type OperatorFunction,
  takeUntil,
  throttle,
  timer,
} from 'rxjs';

/**
 * Says when what has gathered should be settled: at the first value after a quiet time, then at most once per rest, at any value that
 * presses, in a lull that is enough, and once more at the end, at once. It carries no values, so a reader who takes everything gathered so far never takes
 * anything twice.
 *
 *     source   -a-bc------d-|     restMs 4
 *     result   -x---x-----x-(x|)
 *
 * - Memory: none.
 * - Completion: passed on, after a last notification.
 * - Errors: pass through.
 * - Purity: reads the scheduler's clock.
 * - Cost: one timer per rest, and one per lull, while values come; none while none do.
 */
export const whenDue = ({ restMs, isPressing, lullMs, isLullEnough }: DueWhen): OperatorFunction<unknown, void> =>
  connect((values$) => {
    const ended$ = values$.pipe(ignoreElements(), endWith(undefined));
    const rested$ = values$.pipe(throttle(() => timer(restMs()), { leading: true, trailing: true }));
    const pressing$ = values$.pipe(filter(isPressing));
    const lull$ = values$.pipe(debounceTime(lullMs), filter(isLullEnough));
    return merge(merge(rested$, pressing$, lull$).pipe(takeUntil(ended$)), ended$).pipe(map(() => undefined));
  });

export interface DueWhen {
  /** Asked when a rest begins. */
  readonly restMs: () => number;
  /** Asked at each value: is it due with it? */
  readonly isPressing: () => boolean;
  /** So long without a value is a lull. On a busy thread a partition's next turn takes a while: not a lull yet. */
  readonly lullMs: number;
  /** Asked in a lull: is it due, although the rest is not over? */
  readonly isLullEnough: () => boolean;
}
