import { connect, endWith, ignoreElements, map, merge, type OperatorFunction, takeUntil, throttleTime } from 'rxjs';

/**
 * Says when what has gathered should be settled: at the first value after a quiet time, then at most once per interval, and once
 * more at the end, at once. It carries no values, so a reader who takes everything gathered so far never takes anything twice.
 *
 *     source   -a-bc------d-|     intervalMs 4
 *     result   -x---x-----x-(x|)
 *
 * - Memory: none.
 * - Completion: passed on, after a last notification.
 * - Errors: pass through.
 * - Purity: reads the scheduler's clock.
 * - Cost: one timer per interval while values come, none while none do.
 */
export const whenDue = (intervalMs: number): OperatorFunction<unknown, void> =>
  connect((values$) => {
    const ended$ = values$.pipe(ignoreElements(), endWith(undefined));
    const due$ = values$.pipe(
      throttleTime(intervalMs, undefined, { leading: true, trailing: true }),
      takeUntil(ended$),
    );
    return merge(due$, ended$).pipe(map(() => undefined));
  });
