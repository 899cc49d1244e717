import { setTimeout as delay } from 'node:timers/promises';
import type { TopicPartition } from '../../../streams/model/units.js';
import type { RedisConfig } from '../../config/config.js';
import type { Report } from '../../events.js';
import type { Acquired, Checkpoint, CommitResult, Finding, Health, Held, StateStore } from '../../ports.js';
import { ServiceError } from '../../service-error.js';
import { acquireOnce } from './acquired.js';
import { lookAtServers } from './checks.js';
import { answerOf, type Client, closeClient, createClient, defaultPatience, type Patience } from './client.js';
import { commitCall, commitResult, commitScript } from './commit-script.js';
import { asRedisError, judge, type Verdict } from './faults.js';
import { partitionKeys, partitionName, partitionsKey } from './keys.js';
import { LastError } from './last-error.js';
import { Watch } from './watch.js';
import { within } from './within.js';

export interface RedisStoreOptions {
  readonly config: RedisConfig;
  /** The consumer group: its part of the keys. */
  readonly group: string;
  readonly report: Report;
  readonly patience?: StorePatience;
}

interface StorePatience extends Patience {
  /** Opening gives up after this long, ms. */
  readonly openMs: number;
  /** Acquiring gives up after this long, ms. */
  readonly acquireMs: number;
}

const patientStore: StorePatience = { ...defaultPatience, openMs: 30_000, acquireMs: 300_000 };

/** How long to wait before the same is tried again. */
const backoffMs = (attempt: number): number => {
  const longestMs = Math.min(2_000, 25 * 2 ** Math.min(attempt, 10));
  return longestMs / 2 + (Math.random() * longestMs) / 2;
};

const healthMs = 2_000;

/** State and results in Redis. Nothing is connected before `open`. */
export const redisStore = (options: RedisStoreOptions): StateStore => new RedisStore(options);

class RedisStore implements StateStore {
  readonly #config: RedisConfig;
  readonly #group: string;
  readonly #report: Report;
  readonly #patience: StorePatience;
  readonly #clients: readonly Client[];
  readonly #last: LastError;
  readonly #where: string;
  #watch: Watch | null = null;
  /** Connection by name of partition, handed out in turn. */
  readonly #clientOf = new Map<string, Client>();
  /** What was refused last, by partition; gone once something is written. */
  readonly #refused = new Map<string, string>();
  readonly #closing = new AbortController();

  constructor({ config, group, report, patience = patientStore }: RedisStoreOptions) {
    this.#config = config;
    this.#group = group;
    this.#report = report;
    this.#patience = patience;
    this.#where = `redis ${config.endpoints.join(', ')}`;
    this.#clients = Array.from({ length: config.poolSize }, (_, index) =>
      createClient(config, `weir-store-${index}`, patience),
    );
    this.#last = new LastError(this.#clients);
  }

  async open(): Promise<void> {
    const findings = await this.#persistently(this.#patience.openMs, this.#where, undefined, () => this.#look());
    const faults = findings.filter(({ verdict }) => verdict === 'fault');
    if (faults.length > 0) {
      throw new ServiceError('redis_refused', faults.map(({ what, detail }) => `${what}: ${detail}`).join('; '));
    }
    for (const { what, verdict, detail } of findings) {
      if (verdict === 'warning') this.#report({ _tag: 'store_warning', message: `${what}: ${detail}` });
    }
    this.#watch = new Watch(
      this.#clients,
      this.#report,
      () => this.#reason(),
      () => {
        this.#registerAgain();
      },
    );
  }

  async acquire(source: TopicPartition, held: Held | null): Promise<Acquired> {
    const name = partitionName(source);
    const client = this.#clientFor(name);
    const what = `${this.#where}: acquiring ${source.topic}-${source.partition}`;
    return this.#persistently(
      this.#patience.acquireMs,
      what,
      client,
      async () => {
        // First, so that readers find whatever is written from now on.
        await answerOf(client, client.sadd(partitionsKey(this.#group), name), this.#patience.replyMs);
        return acquireOnce(client, source, partitionKeys(this.#group, name), held, this.#patience.replyMs);
      },
      (message, attempt) => {
        this.#report({ _tag: 'store_refused', source, message, attempt });
      },
    );
  }

  async commit(checkpoint: Checkpoint): Promise<CommitResult> {
    const name = partitionName(checkpoint.source);
    const client = this.#clientFor(name);
    const call = commitCall(partitionKeys(this.#group, name), checkpoint, this.#config);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const reply = await answerOf(client, commitScript.run(client, call), this.#patience.replyMs);
        this.#refused.delete(name);
        return commitResult(reply, checkpoint);
      } catch (error) {
        const verdict = this.#judge(error, client);
        if (verdict._tag !== 'retry') {
          this.#refused.set(name, verdict.message);
          return { _tag: 'refused', message: verdict.message };
        }
        await this.#pause(attempt);
      }
    }
  }

  async health(): Promise<Health> {
    const [refused] = this.#refused;
    if (refused !== undefined) return { isReady: false, detail: `${refused[0]}: ${refused[1]}` };
    const [first] = this.#clients;
    if (first === undefined || this.#watch === null) return { isReady: false, detail: `${this.#where}: not open yet` };
    try {
      await within(healthMs, first.ping(), () => null);
      const ready = this.#clients.filter(({ status }) => status === 'ready').length;
      return { isReady: true, detail: `${this.#where}: ${ready} of ${this.#clients.length} connections` };
    } catch {
      return { isReady: false, detail: `${this.#where}: ${this.#reason()}` };
    }
  }

  close(): Promise<void> {
    this.#closing.abort();
    this.#watch?.stop();
    for (const client of this.#clients) closeClient(client);
    return Promise.resolve();
  }

  async #look(): Promise<readonly Finding[]> {
    const [first] = this.#clients;
    if (first === undefined) throw new ServiceError('internal', 'cache.redis.pool_size is 0');
    const findings = await lookAtServers(first, this.#config);
    await Promise.all(this.#clients.map((client) => client.ping()));
    return findings;
  }

  #reason(): string {
    return this.#last.error?.message ?? 'the connection was closed, or does not answer';
  }

  #clientFor(name: string): Client {
    const known = this.#clientOf.get(name) ?? this.#clients[this.#clientOf.size % this.#clients.length];
    if (known === undefined) throw new ServiceError('internal', 'cache.redis.pool_size is 0');
    this.#clientOf.set(name, known);
    return known;
  }

  /** A failover, or a flush, may have lost what readers find the partitions by. */
  #registerAgain(): void {
    const [first] = this.#clients;
    const names = [...this.#clientOf.keys()];
    // Should this fail, the connection is gone again, and the next one does it.
    if (first !== undefined && names.length > 0)
      first.sadd(partitionsKey(this.#group), ...names).catch(() => undefined);
  }

  /** Tries until it works, is forbidden, or the time is over. Errors: rejects with `ServiceError`. */
  async #persistently<A>(
    forMs: number,
    what: string,
    client: Client | undefined,
    work: () => Promise<A>,
    onRefused: (message: string, attempt: number) => void = () => undefined,
  ): Promise<A> {
    const deadlineMs = performance.now() + forMs;
    /** How the server refused last time; what to say of a try that is cut short by the end of the time. */
    let refusal: Error | null = null;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await within(Math.max(1, deadlineMs - performance.now()), work(), () => refusal ?? this.#last.error);
      } catch (error) {
        const verdict = this.#judge(error, client);
        refusal = verdict._tag === 'refused' && error instanceof Error ? error : null;
        if (verdict._tag === 'forbidden' || performance.now() >= deadlineMs) {
          throw asRedisError(verdict._tag === 'retry' ? (this.#last.error ?? error) : error, what);
        }
        if (verdict._tag === 'refused') onRefused(verdict.message, attempt);
        await this.#pause(attempt);
      }
    }
  }

  /** Errors: throws what no further try can change. */
  #judge(error: unknown, client: Client | undefined): Verdict {
    if (error instanceof ServiceError) throw error;
    const verdict = judge(error);
    if (verdict._tag !== 'forbidden' && verdict.reconnect) client?.disconnect(true);
    return verdict;
  }

  async #pause(attempt: number): Promise<void> {
    const { signal } = this.#closing;
    await delay(backoffMs(attempt), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) {
      throw new ServiceError('redis_unreachable', `${this.#where}: the store was closed before the outcome was known`);
    }
  }
}
