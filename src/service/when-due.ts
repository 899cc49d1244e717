import {
  connect,
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
 * presses, and once more at the end, at once. It carries no values, so a reader who takes everything gathered so far never takes
 * anything twice.
 *
 *     source   -a-bc------d-|     restMs 4
 *     result   -x---x-----x-(x|)
 *
 * - Memory: none.
 * - Completion: passed on, after a last notification.
 * - Errors: pass through.
 * - Purity: reads the scheduler's clock.
 * - Cost: one timer per rest while values come; none while none do.
 */
export const whenDue = ({ restMs, isPressing }: DueWhen): OperatorFunction<unknown, void> =>
  connect((values$) => {
    const ended$ = values$.pipe(ignoreElements(), endWith(undefined));
    const rested$ = values$.pipe(throttle(() => timer(restMs()), { leading: true, trailing: true }));
    const pressing$ = values$.pipe(filter(isPressing));
    return merge(merge(rested$, pressing$).pipe(takeUntil(ended$)), ended$).pipe(map(() => undefined));
  });

export interface DueWhen {
  /** Asked when a rest begins. */
  readonly restMs: () => number;
  /** Asked at each value: is it due with it? */
  readonly isPressing: () => boolean;
}
