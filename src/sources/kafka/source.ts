import { concat, defer, from, Subject, type Observable } from 'rxjs';
import type { Offset, TopicPartition } from '../../../streams/model/units.js';
import type { KafkaConfig } from '../../config/config.js';
import type { Report } from '../../events.js';
import type { Partition, PartitionSource, SourceStatus } from '../../ports.js';
import { ServiceError } from '../../service-error.js';
import { requireTopics } from './admin.js';
import { Budget } from './budget.js';
import { CrashAlarm } from './crash-alarm.js';
import { asKafkaFault, refusal, wordsOf } from './faults.js';
import type { FetchedBatch } from './fetched-batch.js';
import { LazyCommits } from './lazy-commits.js';
import { GroupMember, type Member, type MemberListener } from './member.js';
import { KafkaPartition } from './partition.js';
import type { PartitionHistory } from './place.js';
import { beginning, supervise, type Action, type Signal, type Supervision } from './supervisor.js';
import { Turns } from './turns.js';

export interface KafkaSourceOptions {
  readonly config: KafkaConfig;
  /** Records per chunk. */
  readonly batchSize: number;
  readonly report: Report;
}

const watchEveryMs = 1_000;
const commitEveryMs = 5_000;
/** A partition from which nothing was heard for that long, or a member that did not beat, is not going to recover. */
const silentMs = 60_000;
const leaveWithinMs = 5_000;

/**
 * Kafka's partitions as they are assigned to this member of the group. Positions are the caller's: Kafka's committed offsets are
 * written late, for lag tools, and never read.
 */
export const kafkaSource = (options: KafkaSourceOptions): PartitionSource => new KafkaSource(options, realKafka);

/** What the source stands on. */
export interface Underneath {
  requireTopics(config: KafkaConfig, topics: readonly string[]): Promise<void>;
  createMember(config: KafkaConfig, listener: MemberListener): Promise<Member>;
  readonly nowMs: () => number;
}

const realKafka: Underneath = {
  requireTopics,
  createMember: (config, listener) => GroupMember.create(config, listener, () => performance.now()),
  nowMs: () => performance.now(),
};

/** @internal Use `kafkaSource`. */
export class KafkaSource implements PartitionSource, MemberListener {
  readonly partitions$: Observable<Partition>;
  readonly #assigned$ = new Subject<Partition>();
  readonly #live = new Map<string, KafkaPartition>();
  readonly #histories = new Map<string, PartitionHistory>();
  readonly #budget: Budget;
  readonly #turns = new Turns();
  readonly #commits = new LazyCommits();
  readonly #alarm: CrashAlarm;
  readonly #timers: NodeJS.Timeout[] = [];
  #member: Member | null = null;
  #supervision: Supervision;
  #rebuilding: Promise<void> = Promise.resolve();
  #session = 0;
  #isDraining = false;
  #isClosed = false;

  constructor(
    private readonly options: KafkaSourceOptions,
    private readonly underneath: Underneath,
  ) {
    const { config, report } = options;
    const { nowMs } = underneath;
    this.#supervision = beginning(nowMs());
    this.#budget = new Budget(config.maxPartitionBytes, config.maxTotalBytes);
    this.#alarm = new CrashAlarm(report, nowMs);
    this.partitions$ = defer(() => concat(from([...this.#live.values()]), this.#assigned$));
  }

  async start(): Promise<void> {
    await this.underneath.requireTopics(this.options.config, this.options.config.topics);
    this.#member = await this.underneath.createMember(this.options.config, this);
    this.#signal({ _tag: 'starting' });
    this.#timers.push(
      setInterval(() => this.#watch(), watchEveryMs),
      setInterval(() => void this.#commit(), commitEveryMs),
    );
    try {
      await this.#member.join();
    } catch (error) {
      await this.close();
      throw asKafkaFault(error, `joining the consumer group ${this.options.config.groupId}`);
    }
  }

  drain(): void {
    this.#isDraining = true;
    for (const partition of this.#live.values()) partition.drain();
    this.#assigned$.complete();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.drain();
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.race([this.#commit(), new Promise((resolve) => setTimeout(resolve, 2_000).unref())]);
    this.#endAll();
    await this.#rebuilding;
    await this.#member?.close(leaveWithinMs);
  }

  status(): SourceStatus {
    const { phase, trouble } = this.#supervision;
    const partitions = [...this.#live.values()].map((partition) => partition.status());
    const failures = this.#commits.failures;
    const lag = failures === 0 ? '' : `; ${failures} commits for lag tools failed`;
    const detail =
      phase === 'joined'
        ? `joined: ${partitions.length} partitions${lag}`
        : `${phase}${trouble === '' ? '' : `: ${trouble}`}`;
    return {
      isReady: phase === 'joined' && !this.#isDraining,
      detail: this.#isDraining ? 'draining' : detail,
      partitions,
    };
  }

  joined(assigned: readonly TopicPartition[]): void {
    const session = ++this.#session;
    const { report } = this.options;
    const kept = new Set(assigned.map(keyOf));
    for (const [key, { source }] of this.#live) {
      if (!kept.has(key)) report({ _tag: 'partition_revoked', source, why: 'the group was rebalanced' });
    }
    this.#endAll();
    this.#commits.forget();
    report({ _tag: 'group_joined', session, partitions: assigned });
    this.#signal({ _tag: 'joined' });
    if (this.#isDraining) return;
    const fresh = assigned.map((source) => this.#partition(source, session));
    for (const partition of fresh) this.#live.set(keyOf(partition.source), partition);
    for (const partition of fresh) this.#assigned$.next(partition);
  }

  crashed(error: unknown, willRestart: boolean): void {
    this.#endAll();
    this.#alarm.crashed(wordsOf(error), willRestart);
    this.#signal({ _tag: 'crashed', why: wordsOf(error), willRestart, refused: refusal(error) });
  }

  async fetched(batch: FetchedBatch): Promise<Offset | null> {
    const partition = this.#live.get(keyOf(batch));
    if (partition === undefined) return null;
    await partition.offer(batch);
    return partition.fetchNext;
  }

  #partition(source: TopicPartition, session: number): KafkaPartition {
    const { config, batchSize, report } = this.options;
    const history = this.#histories.get(keyOf(source)) ?? { first: null, lostTo: null };
    this.#histories.set(keyOf(source), history);
    return new KafkaPartition(source, session, {
      fetching: {
        pause: (one) => this.#member?.pause(one),
        resumeAt: (one, offset) => this.#member?.resumeAt(one, offset),
        ends: (one) => this.#member?.ends(one) ?? Promise.reject(new Error('not connected')),
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

  #endAll(): void {
    const ended = [...this.#live.values()];
    this.#live.clear();
    for (const partition of ended) partition.end();
  }

  #watch(): void {
    if (this.#isDraining) return;
    const silent = [...this.#live.values()].find((partition) => partition.silentForMs > silentMs);
    if (silent !== undefined) {
      this.#signal({ _tag: 'stalled', why: `nothing was heard of ${keyOf(silent.source)} for ${silentMs / 1000} s` });
    } else if (
      this.#member !== null &&
      this.#member.silentForMs > Math.max(silentMs, this.options.config.sessionTimeoutMs * 2)
    ) {
      this.#signal({ _tag: 'stalled', why: 'the consumer has stopped speaking to its group' });
    }
    this.#signal({ _tag: 'tick' });
  }

  #signal(signal: Signal): void {
    const [next, action] = supervise(this.#supervision, signal, this.underneath.nowMs());
    this.#supervision = next;
    this.#act(action);
  }

  #act(action: Action): void {
    switch (action._tag) {
      case 'none':
        return;
      case 'rebuild':
        this.options.report({ _tag: 'source_rebuilt', attempt: action.attempt, why: action.why });
        this.#rebuilding = this.#rebuilding.then(() => this.#rebuild(action.afterMs));
        return;
      case 'give_up':
        this.#rebuilding = this.#rebuilding.then(() => this.#giveUp(action.why));
    }
  }

  /** Never rejects. A member that could not leave must expire first: joining earlier would hold up the whole group. */
  async #rebuild(afterMs: number): Promise<void> {
    this.#endAll();
    const hasLeft = (await this.#member?.close(leaveWithinMs)) ?? true;
    this.#member = null;
    await new Promise((resolve) =>
      setTimeout(resolve, hasLeft ? afterMs : Math.max(afterMs, this.options.config.sessionTimeoutMs)),
    );
    if (this.#isClosed) return;
    try {
      this.#member = await this.underneath.createMember(this.options.config, this);
      this.#signal({ _tag: 'starting' });
      await this.#member.join();
    } catch (error) {
      this.#signal({ _tag: 'rebuild_failed', why: wordsOf(error), refused: refusal(error) });
    }
  }

  async #giveUp(why: string): Promise<void> {
    this.#endAll();
    await this.#member?.close(leaveWithinMs);
    this.#assigned$.error(
      new ServiceError(
        'kafka_gave_up',
        `gave up reading ${this.options.config.topics.join(', ')}: ${why}; look at the brokers, then start again`,
      ),
    );
  }

  async #commit(): Promise<void> {
    const member = this.#member;
    if (member === null) return;
    const settled = [...this.#live.values()].flatMap((partition) => {
      const next = partition.status().settled;
      return next === null ? [] : [{ ...partition.source, next }];
    });
    await this.#commits.flush(settled, (offsets) => member.commit(offsets));
  }
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;
