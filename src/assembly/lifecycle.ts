import { lastValueFrom, type Observable } from 'rxjs';
import type { Report } from '../events.js';
import { asServiceError } from '../service/run.js';
import { ServiceError } from '../service-error.js';

/** A step of starting. */
export interface Opening {
  /** Who is asked, for people: `Redis at 127.0.0.1:6379`. */
  readonly what: string;
  readonly open: () => Promise<void>;
}

export interface LifecycleParts {
  /** The work itself; subscribed to once. */
  readonly run$: Observable<never>;
  readonly report: Report;
  /** How long settling what was read may take once the service is to stop. */
  readonly shutdownTimeoutMs: number;
  /** One after the other, before anything is read. */
  readonly opening: readonly Opening[];
  readonly reading: Opening;
  readonly feed: ((signal: AbortSignal) => Promise<void>) | null;
  readonly drain: () => void;
  /** One after the other. Each must bear being called before its part was opened. */
  readonly closing: readonly (() => Promise<void>)[];
  /** Where the service is to be found, once it is. */
  readonly where: () => string;
}

/** What takes longer to answer at the start is told: people would look at nothing. */
const waitedMs = 2_000;
/** What takes longer to close is left to the end of the process. */
const closeWithinMs = 5_000;

/** From the start to the end of a service, which comes once, whatever brings it about and whenever. */
export class Lifecycle {
  /** Resolves after an orderly stop, rejects with the fault that ended the service; settled when everything is closed. */
  readonly finished: Promise<void>;
  #finish: (fault: ServiceError | null) => void = () => undefined;
  #running: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | null = null;
  #closing: Promise<void> | null = null;
  readonly #feeding = new AbortController();

  constructor(private readonly parts: LifecycleParts) {
    this.finished = new Promise((resolve, reject) => {
      this.#finish = (fault) => {
        if (fault === null) resolve();
        else reject(fault);
      };
    });
    // Whoever wants to know asks; that nobody does is no fault of its own.
    this.finished.catch(() => undefined);
  }

  get isStopping(): boolean {
    return this.#stopping !== null || this.#closing !== null;
  }

  /** Resolves when the service reads, or has been stopped. Errors: rejects with the fault that kept it from starting. */
  async start(): Promise<void> {
    const started = this.#open().catch((error: unknown) => this.#fail(error));
    await Promise.race([started, this.finished]);
    if (this.#closing !== null) await this.finished;
  }

  /** Never rejects. */
  stop(why: string): Promise<void> {
    if (this.#closing !== null) return this.#closing;
    return (this.#stopping ??= this.#stop(why));
  }

  async #open(): Promise<void> {
    const { opening, reading, feed, run$, report, where } = this.parts;
    for (const one of opening) if (!this.isStopping) await this.#opened(one);
    if (this.isStopping) return;
    this.#running = lastValueFrom(run$, { defaultValue: undefined });
    this.#running.catch((error: unknown) => this.#fail(error));
    await this.#opened(reading);
    if (this.#feeding.signal.aborted) return;
    feed?.(this.#feeding.signal).catch((error: unknown) => this.#fail(error));
    report({ _tag: 'started', detail: where() });
  }

  async #opened({ what, open }: Opening): Promise<void> {
    const timer = setTimeout(() => {
      if (!this.isStopping) this.parts.report({ _tag: 'waiting', what, afterMs: waitedMs });
    }, waitedMs);
    try {
      await open();
    } finally {
      clearTimeout(timer);
    }
  }

  async #stop(why: string): Promise<void> {
    const startedAt = performance.now();
    const { report, drain, shutdownTimeoutMs } = this.parts;
    report({ _tag: 'stopping', why });
    this.#feeding.abort();
    drain();
    const fault = await faultOf(within(shutdownTimeoutMs, this.#running, 'shutdown_timeout'));
    if (fault !== null) {
      const { code, message } = fault;
      report({ _tag: 'fault', code, message: `stopped before everything read was settled: ${message}` });
    }
    await this.#end(fault);
    report({ _tag: 'stopped', afterMs: Math.round(performance.now() - startedAt) });
  }

  /** Never rejects: the fault is told to who waits for the end. */
  async #fail(error: unknown): Promise<void> {
    // An orderly stop that is under way takes notice by itself.
    if (this.isStopping) return;
    const fault = asServiceError(error);
    this.parts.report({ _tag: 'fault', code: fault.code, message: fault.message });
    await this.#end(fault);
  }

  #end(fault: ServiceError | null): Promise<void> {
    return (this.#closing ??= this.#close().then(() => this.#finish(fault)));
  }

  async #close(): Promise<void> {
    this.#feeding.abort();
    for (const close of this.parts.closing) {
      const fault = await faultOf(within(closeWithinMs, close(), 'closing'));
      if (fault !== null)
        this.parts.report({ _tag: 'fault', code: fault.code, message: `while closing: ${fault.message}` });
    }
  }
}

const faultOf = async (work: Promise<void>): Promise<ServiceError | null> => {
  try {
    await work;
    return null;
  } catch (error) {
    return asServiceError(error);
  }
};

/** Errors: rejects with `ServiceError` `settle_overdue` when the time is over. What was not settled is read again by the next owner. */
const within = async (timeoutMs: number, work: Promise<void>, what: string): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new ServiceError('settle_overdue', `not done within ${timeoutMs} ms (${what})`));
    }, timeoutMs);
  });
  try {
    await Promise.race([work, overdue]);
  } finally {
    clearTimeout(timer);
  }
};
