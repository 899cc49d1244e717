import { concat, defer, from, Subject, type Observable } from 'rxjs';
import type { Offset, TopicPartition } from '../../../streams/model/units.js';
import type { KafkaConfig } from '../../config/config.js';
import type { Report } from '../../events.js';
import type { Partition, PartitionSource, SourceStatus } from '../../ports.js';
import type { ServiceError } from '../../service-error.js';
import { requireTopics } from './admin.js';
import { Budget } from '../budget.js';
import type { FetchedBatch } from './wire/fetched-batch.js';
import { LazyCommits } from './group/lazy-commits.js';
import { GroupMember, type Member, type MemberListener } from './group/member.js';
import { Membership, type MembershipListener } from './group/membership.js';
import { KafkaPartition } from './partition.js';
import type { PartitionHistory } from '../place.js';
import { Turns } from '../turns.js';

export interface KafkaSourceOptions {
  readonly config: KafkaConfig;
  /** Records per chunk. */
  readonly batchSize: number;
  readonly report: Report;
}

const commitEveryMs = 5_000;
const lastCommitMs = 2_000;

/**
 * Kafka's partitions as they are assigned to this member of the group. Positions are the caller's: Kafka's committed offsets are
 * written late, for lag tools, and never read.
 */
export const kafkaSource = (options: KafkaSourceOptions): PartitionSource => new KafkaSource(options, realKafka);

/** What the source stands on. */
export interface Underneath {
  readonly requireTopics: (config: KafkaConfig, topics: readonly string[]) => Promise<void>;
  readonly createMember: (config: KafkaConfig, listener: MemberListener) => Promise<Member>;
  /** A clock that never goes back, ms. */
  readonly nowMs: () => number;
}

const realKafka: Underneath = {
  requireTopics,
  createMember: (config, listener) => GroupMember.create(config, listener, () => performance.now()),
  nowMs: () => performance.now(),
};

/** @internal Use `kafkaSource`. */
export class KafkaSource implements PartitionSource, MembershipListener {
  readonly partitions$: Observable<Partition>;
  readonly #assigned$ = new Subject<Partition>();
  readonly #live = new Map<string, KafkaPartition>();
  readonly #histories = new Map<string, PartitionHistory>();
  readonly #membership: Membership;
  readonly #budget: Budget;
  readonly #turns = new Turns();
  readonly #commits = new LazyCommits();
  #committing: NodeJS.Timeout | null = null;
  #session = 0;
  #isDraining = false;
  #isClosed = false;

  constructor(
    private readonly options: KafkaSourceOptions,
    private readonly underneath: Underneath,
  ) {
    const { config, report } = options;
    this.#membership = new Membership({ ...underneath, config, report }, this);
    this.#budget = new Budget(config.maxPartitionBytes, config.maxTotalBytes);
    this.partitions$ = defer(() => concat(from([...this.#live.values()]), this.#assigned$));
  }

  async start(): Promise<void> {
    await this.underneath.requireTopics(this.options.config, this.options.config.topics);
    await this.#membership.start();
    this.#committing = setInterval(() => void this.#commit(), commitEveryMs);
  }

  drain(): void {
    this.#isDraining = true;
    for (const partition of this.#live.values()) partition.drain();
    this.#assigned$.complete();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.drain();
    if (this.#committing !== null) clearInterval(this.#committing);
    await Promise.race([this.#commit(), new Promise((resolve) => setTimeout(resolve, lastCommitMs).unref())]);
    this.lost();
    await this.#membership.close();
  }

  status(): SourceStatus {
    const { phase, trouble } = this.#membership.state;
    const partitions = [...this.#live.values()].map((partition) => partition.status());
    const { failures } = this.#commits;
    const isReady = phase === 'joined' && !this.#isDraining;
    const commits = failures === 0 ? '' : `; ${failures} commits for lag tools failed`;
    const detail =
      phase === 'joined'
        ? `joined: ${partitions.length} partitions${commits}`
        : trouble === ''
          ? phase
          : `${phase}: ${trouble}`;
    return { isReady, detail: this.#isDraining ? 'draining' : detail, partitions };
  }

  joined(assigned: readonly TopicPartition[]): void {
    const session = ++this.#session;
    const { report } = this.options;
    const kept = new Set(assigned.map(keyOf));
    for (const [key, { source }] of this.#live) {
      if (!kept.has(key)) report({ _tag: 'partition_revoked', source, why: 'the group was rebalanced' });
    }
    this.lost();
    this.#commits.forget();
    report({ _tag: 'group_joined', session, partitions: assigned });
    if (this.#isDraining) return;
    const fresh = assigned.map((source) => this.#partition(source, session));
    for (const partition of fresh) this.#live.set(keyOf(partition.source), partition);
    for (const partition of fresh) this.#assigned$.next(partition);
  }

  lost(): void {
    const ended = [...this.#live.values()];
    this.#live.clear();
    for (const partition of ended) partition.end();
  }

  async fetched(batch: FetchedBatch): Promise<Offset | null> {
    const partition = this.#live.get(keyOf(batch));
    if (partition === undefined) return null;
    await partition.offer(batch);
    return partition.fetchNext;
  }

  silentForMs(): number {
    return this.#isDraining ? 0 : Math.max(0, ...[...this.#live.values()].map((partition) => partition.silentForMs));
  }

  gaveUp(error: ServiceError): void {
    this.#assigned$.error(error);
  }

  #partition(source: TopicPartition, session: number): KafkaPartition {
    const { config, batchSize, report } = this.options;
    const history = this.#histories.get(keyOf(source)) ?? { first: null, lostTo: null };
    this.#histories.set(keyOf(source), history);
    const membership = this.#membership;
    return new KafkaPartition(source, session, {
      fetching: {
        pause: (one) => membership.member?.pause(one),
        resumeAt: (one, offset) => membership.member?.resumeAt(one, offset),
        ends: (one) => membership.member?.ends(one) ?? Promise.reject(new Error('not connected')),
      },
      budget: this.#budget,
      turns: this.#turns,
      report,
      history,
      reset: config.autoOffsetReset,
      batchSize,
      maxPollRecords: config.maxPollRecords,
      maxBatchBytes: config.maxBatchBytes,
      nowMs: this.underneath.nowMs,
    });
  }

  async #commit(): Promise<void> {
    const { member } = this.#membership;
    if (member === null) return;
    const settled = [...this.#live.values()].flatMap((partition) => {
      const next = partition.status().settled;
      return next === null ? [] : [{ ...partition.source, next }];
    });
    await this.#commits.flush(settled, (offsets) => member.commit(offsets));
  }
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;
