import type { DeadLetterSink, Health, PartitionSource, StateStore } from '../ports.js';

export interface HealthOptions {
  readonly source: Pick<PartitionSource, 'status'>;
  readonly store: Pick<StateStore, 'health'>;
  readonly deadLetters: Pick<DeadLetterSink, 'health'>;
  /** True from the first signal on: readiness goes before anything else stops. */
  readonly isDraining: () => boolean;
  /** Least time between two questions to one dependency. Default 1000. */
  readonly everyMs?: number;
  /** A dependency that has not answered by then is not ready. Default 800: probes are often given a second. */
  readonly timeoutMs?: number;
}

export interface HealthReport {
  readonly status: 'ready' | 'not_ready' | 'draining';
  readonly dependencies: Readonly<Record<'source' | 'store' | 'deadLetters', Health>>;
}

export interface HealthCheck {
  /** Never rejects, and never takes much longer than the timeout. */
  check(): Promise<HealthReport>;
}

/** Asks the dependencies, each at most once a second however often it is asked itself, and never waits for one for ever. */
export const createHealth = (options: HealthOptions): HealthCheck => {
  const timing = { everyMs: options.everyMs ?? 1000, timeoutMs: options.timeoutMs ?? 800 };
  const store = cached(() => options.store.health(), timing);
  const deadLetters = cached(() => options.deadLetters.health(), timing);

  return {
    async check() {
      const isDraining = options.isDraining();
      // While stopping the verdict stands; nobody has to wait for what the dependencies say.
      const [ofStore, ofDeadLetters] = isDraining ? [stopping, stopping] : await Promise.all([store(), deadLetters()]);
      const { isReady, detail } = options.source.status();
      const dependencies = { source: { isReady, detail }, store: ofStore, deadLetters: ofDeadLetters };
      const areAllReady = Object.values(dependencies).every((health) => health.isReady);
      return { status: isDraining ? 'draining' : areAllReady ? 'ready' : 'not_ready', dependencies };
    },
  };
};

const stopping: Health = { isReady: false, detail: 'stopping' };

interface Timing {
  readonly everyMs: number;
  readonly timeoutMs: number;
}

/** One question under way at a time, so that a dependency that hangs gathers none behind it. */
const cached = (ask: () => Promise<Health>, { everyMs, timeoutMs }: Timing): (() => Promise<Health>) => {
  let known: { readonly health: Health; readonly atMs: number } | null = null;
  let asked: { readonly answer: Promise<Health>; readonly atMs: number } | null = null;

  const begin = (atMs: number): { readonly answer: Promise<Health>; readonly atMs: number } => {
    const answer = answerOf(ask).then((health) => {
      known = { health, atMs: performance.now() };
      asked = null;
      return health;
    });
    asked = { answer, atMs };
    return asked;
  };

  return async () => {
    const nowMs = performance.now();
    if (asked === null && known !== null && nowMs - known.atMs < everyMs) return known.health;
    const { answer, atMs } = asked ?? begin(nowMs);
    return orOverdue(answer, atMs + timeoutMs - nowMs, timeoutMs);
  };
};

const answerOf = async (ask: () => Promise<Health>): Promise<Health> => {
  try {
    return await ask();
  } catch (cause) {
    return { isReady: false, detail: cause instanceof Error ? cause.message : String(cause) };
  }
};

const orOverdue = async (answer: Promise<Health>, leftMs: number, timeoutMs: number): Promise<Health> => {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<Health>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, leftMs), { isReady: false, detail: `no answer within ${timeoutMs} ms` });
  });
  try {
    return await Promise.race([answer, overdue]);
  } finally {
    clearTimeout(timer);
  }
};
