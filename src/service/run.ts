import pLimit, { type LimitFunction } from 'p-limit';
import {
  catchError,
  concatMap,
  defer,
  EMPTY,
  finalize,
  from,
  groupBy,
  ignoreElements,
  map,
  mergeMap,
  type Observable,
  retry,
  tap,
  throwError,
  timer,
} from 'rxjs';
import type { TopicPartition } from '../../streams/model/units.js';
import { CorruptState, PartitionState } from '../../streams/state/partition-state.js';
import type { Partition } from '../ports.js';
import { ServiceError } from '../service-error.js';
import { changedDevices } from './changed-devices.js';
import { Gathered } from './gathered.js';
import { Kept } from './kept.js';
import type { ServiceParts } from './parts.js';
import { overseen, Ownership, Reacquire, settle, type Settlement } from './settle.js';
import { restAfter } from './rest.js';
import { RuledState } from './ruled-state.js';
import { underRules } from './under-rules.js';
import { whenDue } from './when-due.js';

/**
 * The service: every partition that comes, read, run through the pipeline and settled. Never emits; completes when the source has
 * drained and everything read is settled; errors with what can't be healed here.
 */
export function runService(parts: ServiceParts): Observable<never> {
  return defer(() => {
    const workers = pLimit(parts.processing.workerPoolSize);
    return parts.source.partitions$.pipe(
      groupBy(({ source }) => nameOf(source)),
      mergeMap((assignments$) =>
        defer(() => {
          const kept = new Kept();
          return assignments$.pipe(concatMap((partition) => runPartition(parts, workers, partition, kept)));
        }),
      ),
    );
  });
}

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

function runPartition(
  parts: ServiceParts,
  workers: LimitFunction,
  partition: Partition,
  kept: Kept,
): Observable<never> {
  return defer(() => (partition.isAssigned ? from(takeOver(parts, partition, kept)) : EMPTY)).pipe(
    concatMap(({ ownership, ruled }) => readAndSettle(parts, workers, ownership, ruled, kept)),
    retry({
      delay: (error: unknown) =>
        canReacquire(error, partition) ? timer(error.afterMs) : throwError(() => asError(error)),
    }),
    // Fenced, or refused by the store, after the partition was taken away: its new owner goes on from the offset in the store.
    catchError((error: unknown) => (error instanceof Reacquire ? EMPTY : throwError(() => asError(error)))),
  );
}

const canReacquire = (error: unknown, partition: Partition): error is Reacquire =>
  error instanceof Reacquire && partition.isReadable;

interface Taken {
  readonly ownership: Ownership;
  readonly ruled: RuledState;
}

/** How long a partition waits for rules that can't be had here yet. */
const behindWaitMs = 1_000;

const takeOver = async (parts: ServiceParts, partition: Partition, kept: Kept): Promise<Taken> => {
  const { source } = partition;
  const owned = kept.take();
  const startedAt = performance.now();
  const held = owned && { epoch: owned.epoch, next: owned.ownership.expected };
  const acquired = await parts.store.acquire(source, held);
  const ruled = acquired.state === null ? owned?.ruled : new RuledState(PartitionState.restore(source, acquired.state));
  if (ruled === undefined)
    throw new ServiceError('internal', `${nameOf(source)}: the store left out a state that nobody holds`);
  await agreeOnRules(parts, source, ruled);
  parts.report({
    _tag: 'acquired',
    source,
    epoch: acquired.epoch,
    next: acquired.next,
    devices: Array.from(ruled.state.devices()).length,
    tookMs: Math.round(performance.now() - startedAt),
  });
  return { ownership: new Ownership(partition, acquired.epoch, acquired.next), ruled };
};

/** Whatever decided the partition before, or was in force by then, is known here: no record is decided by older rules than the one before it. */
const agreeOnRules = async (
  { rules, report }: ServiceParts,
  source: TopicPartition,
  ruled: RuledState,
): Promise<void> => {
  const sequence = ruled.span?.sequence ?? 0;
  const verdict = await rules.catchUp(sequence);
  if (verdict === 'behind') {
    report({ _tag: 'rules_behind', source, sequence });
    throw new Reacquire('the rules that it was decided by are not known here', behindWaitMs);
  }
  if (verdict === 'lost') {
    const { version, sequence: found } = rules.current;
    report({ _tag: 'rules_rolled_back', version, expected: sequence, found });
  }
};

function readAndSettle(
  parts: ServiceParts,
  workers: LimitFunction,
  ownership: Ownership,
  ruled: RuledState,
  kept: Kept,
): Observable<never> {
  return defer(() => {
    const { state } = ruled;
    const run = parts.rules.runs.begin(state.source);
    const gathered = new Gathered();
    const { commitIntervalMs } = parts.processing;
    const take = (): Settlement | null => {
      const step = gathered.take();
      if (step === null) return null;
      const settlement = { views: parts.push.isListened ? changedDevices(ruled) : [], state: state.snapshot(), step };
      restMs = restAfter(settlement.state.devices.length, commitIntervalMs);
      isSettling = true;
      saved = ruled.span?.sequence;
      return settlement;
    };
    let startedAt = 0;
    /** Number of the rules that the store says decide the partition. */
    let saved = ruled.span?.sequence;
    let restMs = restAfter(0, commitIntervalMs);
    let isSettling = false;
    const settleTaken = (): Promise<void> =>
      settleNext(parts, workers, ownership, take).finally(() => {
        isSettling = false;
      });
    return ownership.partition.read(ownership.expected).pipe(
      tap(() => (startedAt = performance.now())),
      underRules(ruled, () => parts.rules.current, parts.own),
      // From here on only that something came: whoever waits for the next settle must not keep a whole chunk alive meanwhile.
      map((outcome) => {
        run.span = ruled.span;
        run.chunkAtMs = startedAt;
        gathered.add(outcome, (performance.now() - startedAt) / 1000);
      }),
      whenDue({
        restMs: () => restMs,
        // That other rules decide must be known before much is decided by them.
        isPressing: () => !isSettling && (ownership.partition.isLaden || run.span?.sequence !== saved),
      }),
      map(() => gathered.taken),
      // One at a time. What became due meanwhile is one settle, not many: the first takes it all, and the others are of the past.
      concatMap((taken) => (taken === gathered.taken ? settleTaken() : EMPTY)),
      ignoreElements(),
      tap({
        complete: () => {
          kept.hold({ epoch: ownership.epoch, ruled, ownership });
        },
      }),
      finalize(() => parts.rules.runs.end(run)),
    );
  });
}

/**
 * Settles what has gathered once a worker is free. Step and state are taken together, at that very moment: the state is then what
 * folding every record before the step's `next` gives.
 */
const settleNext = (
  parts: ServiceParts,
  workers: LimitFunction,
  ownership: Ownership,
  take: () => Settlement | null,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const work = async (release: () => void): Promise<void> => {
      const settlement = take();
      if (settlement === null) return;
      await overseen(parts, ownership.partition, settle(parts, ownership, settlement), release);
    };
    // The worker is free when the work is done, or before that when the work is overdue.
    void workers(
      () =>
        new Promise<void>((release) => {
          work(release).finally(release).then(resolve, reject);
        }),
    );
  });

const asError = (error: unknown): Error => (error instanceof Reacquire ? error : asServiceError(error));

/** A fault in stored state is told with the way out of it. */
export const asServiceError = (error: unknown): ServiceError => {
  if (error instanceof ServiceError) return error;
  if (error instanceof CorruptState) {
    return new ServiceError(
      'state_corrupt',
      `${error.message}. Another version of the rules wrote it, or somebody edited it; docs/redis.md tells how to look at it and how to begin again`,
      {
        cause: error,
      },
    );
  }
  return new ServiceError('internal', error instanceof Error ? error.message : String(error), { cause: error });
};
