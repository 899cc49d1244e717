import { setTimeout as delay } from 'node:timers/promises';
import type { StateSnapshot } from '../../streams/state/partition-state.js';
import type { CommitResult, LateView, Partition } from '../ports.js';
import type { Offset } from '../../streams/model/units.js';
import { ServiceError } from '../service-error.js';
import { newestVersions, type Step } from './gathered.js';
import type { ServiceParts } from './parts.js';

/** Memory and store no longer fit together: acquire the partition again and read from where the store says. */
export class Reacquire extends Error {
  override readonly name = 'Reacquire';

  constructor(
    message: string,
    readonly afterMs: number,
  ) {
    super(message);
  }
}

/** How long a fenced owner that is still assigned waits before it acquires again: longer than a zombie takes to notice. */
const fencedWaitMs = 1_500;
const rolledBackWaitMs = 100;
const refusedWaitMs = { first: 250, longest: 5_000 };

/** One partition's ownership: the pair of epoch and offset that the store must agree with. */
export class Ownership {
  constructor(
    readonly partition: Partition,
    readonly epoch: number,
    public expected: Offset | null,
  ) {}
}

/** A step together with the state that belongs to its `next`, both taken at the same moment. */
export interface Settlement {
  readonly step: Step;
  readonly state: StateSnapshot;
  readonly views: readonly LateView[];
}

/**
 * Puts one step in its place: dead letters ► topic of alerts ► commit ► push. Only when all of it is done does the source hear of it.
 * Errors: rejects with `Reacquire` when the store has gone another way, with `ServiceError` when a sink gave up.
 */
export const settle = async (parts: ServiceParts, owner: Ownership, settlement: Settlement): Promise<void> => {
  const { partition } = owner;
  const { step } = settlement;
  if (step.deadLetters.length > 0) {
    await answered(parts, owner, 'the dead-letter sink', parts.deadLetters.write(partition.source, step.deadLetters));
  }
  if (parts.alertTopic !== undefined && step.alerts.length > 0) {
    await answered(parts, owner, 'the topic of alerts', parts.alertTopic.write(partition.source, step.alerts));
  }
  const commitStartedAt = performance.now();
  await commit(parts, owner, settlement);
  const commitSeconds = (performance.now() - commitStartedAt) / 1000;
  if (settlement.views.length > 0) parts.push.devices(settlement.views);
  if (step.alerts.length > 0) parts.push.alerts(step.alerts);
  partition.settled(step.next);
  parts.meter.settled({
    source: partition.source,
    tally: step.tally,
    reasons: step.reasons,
    ruleFaults: step.ruleFaults,
    chunkSeconds: step.chunkSeconds,
    commitSeconds,
    eventToPushSeconds:
      step.newestTimestampMs === null ? null : Math.max(0, Date.now() - step.newestTimestampMs) / 1000,
  });
};

const commit = async (parts: ServiceParts, owner: Ownership, { step, state }: Settlement): Promise<void> => {
  const { partition } = owner;
  const { source } = partition;
  const checkpoint = {
    source,
    epoch: owner.epoch,
    expected: owner.expected,
    next: step.next,
    state,
    windows: step.windows,
    alerts: newestVersions(step.alerts),
  };
  const startedAt = performance.now();
  const tryOnce = (): Promise<CommitResult> => answered(parts, owner, 'the store', parts.store.commit(checkpoint));
  let result = await tryOnce();
  if (result._tag === 'refused') {
    partition.pause('store_refused');
    try {
      result = await untilAccepted(parts, partition, result, tryOnce);
    } finally {
      partition.resume();
    }
    parts.report({ _tag: 'store_recovered', source, afterMs: Math.round(performance.now() - startedAt) });
  }
  switch (result._tag) {
    case 'applied':
      owner.expected = step.next;
      return;
    case 'fenced':
      parts.report({ _tag: 'fenced', source, epoch: owner.epoch });
      throw new Reacquire('another process has acquired the partition', fencedWaitMs);
    case 'rolled_back':
      parts.report({ _tag: 'rolled_back', source, expected: owner.expected, found: result.found });
      throw new Reacquire('the store went back in time', rolledBackWaitMs);
  }
};

type Accepted = Exclude<CommitResult, { readonly _tag: 'refused' }>;

/**
 * Tries the identical commit again until the store says something else.
 * Errors: rejects with `Reacquire` once the partition is taken away: its new owner will have to do it all anew in any case.
 */
const untilAccepted = async (
  { report }: ServiceParts,
  partition: Partition,
  refusal: Extract<CommitResult, { readonly _tag: 'refused' }>,
  tryOnce: () => Promise<CommitResult>,
): Promise<Accepted> => {
  const { source } = partition;
  let result: CommitResult = refusal;
  for (let attempt = 1; result._tag === 'refused'; attempt += 1) {
    report({ _tag: 'store_refused', source, message: result.message, attempt });
    await delay(Math.min(refusedWaitMs.longest, refusedWaitMs.first * 2 ** (attempt - 1)));
    if (!partition.isAssigned) throw new Reacquire('taken away while the store refused to write', 0);
    result = await tryOnce();
  }
  return result;
};

/** Fails what has not answered within `maxProcessingTimeMs`: by then it will not. */
const answered = async <A>(parts: ServiceParts, owner: Ownership, what: string, asked: Promise<A>): Promise<A> => {
  const { topic, partition } = owner.partition.source;
  const { maxProcessingTimeMs } = parts.processing;
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new ServiceError(
          'settle_overdue',
          `${topic}-${partition}: ${what} gave no answer within ${maxProcessingTimeMs} ms; look at its server, or raise partition_assignment.max_processing_time`,
        ),
      );
    }, maxProcessingTimeMs);
  });
  try {
    return await Promise.race([asked, overdue]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Watches over one settle: past `processingTimeoutMs` the partition is detached, that is, it pauses until the settle is done, and
 * `onDetached` lets another partition work meanwhile.
 */
export const overseen = async (
  parts: ServiceParts,
  partition: Partition,
  settling: Promise<void>,
  onDetached: () => void,
): Promise<void> => {
  const { processingTimeoutMs } = parts.processing;
  let undo: () => void = () => undefined;
  const detach = setTimeout(() => {
    undo = () => partition.resume();
    partition.pause('settle_overdue');
    parts.report({ _tag: 'settle_overdue', source: partition.source, afterMs: processingTimeoutMs });
    onDetached();
  }, processingTimeoutMs);
  try {
    await settling;
  } finally {
    clearTimeout(detach);
    undo();
  }
};
