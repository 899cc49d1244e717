import type { Cluster, Consumer, EachBatchPayload, PartitionAssigner } from 'kafkajs';
import type { Offset, TopicPartition } from '../../../../streams/model/units.js';
import type { KafkaConfig } from '../../../config/config.js';
import { ServiceError } from '../../../service-error.js';
import { assignersFor } from './assigners.js';
import { createClient, loadKafka } from '../client.js';
import { FetchedBatch } from '../wire/fetched-batch.js';
import type { Settled } from './lazy-commits.js';
import type { Fetching } from '../partition-parts.js';
import type { Claims } from './sticky-assignment.js';
import type { Watermarks } from '../../place.js';
import { LogEnds } from '../watermarks.js';

/** Told by one consumer. None of these may throw: kafkajs would take it for its own fault and die. */
export interface MemberListener {
  /** Inside kafkajs' own step: what is paused here is paused before anything is fetched. */
  joined(assigned: readonly TopicPartition[]): void;
  crashed(error: unknown, willRestart: boolean): void;
  /** Resolves with where to fetch next; null when the consumer has been or will be told otherwise. */
  fetched(batch: FetchedBatch): Promise<Offset | null>;
}

/** A consumer of the group, to the source. */
export interface Member extends Fetching {
  /** Connects and joins; what goes wrong after that is told to the listener. Errors: rejects with the client's error. */
  join(): Promise<void>;
  /** For lag tools. Errors: rejects with the client's error. */
  commit(offsets: readonly Settled[]): Promise<void>;
  /** For how long the group has not heard from it, ms. */
  readonly silentForMs: number;
  /** Leaves the group and disconnects; true when that was done within the time, and for good. The listener hears nothing more. */
  close(withinMs: number): Promise<boolean>;
}

/** One kafkajs consumer, from its making to its end. It reads nothing back from the group's committed offsets. */
export class GroupMember implements Member {
  readonly #consumer: Consumer;
  readonly #ends: LogEnds;
  readonly #nowMs: () => number;
  #heartbeat: (() => Promise<void>) | null = null;
  #beating: NodeJS.Timeout | null = null;
  #assigned: readonly TopicPartition[] = [];
  #generation = 0;
  #aliveMs: number;
  #isJoining = false;
  #isOver = false;

  private constructor(
    private readonly config: KafkaConfig,
    private readonly listener: MemberListener,
    make: (claims: () => Claims) => { readonly consumer: Consumer; readonly cluster: Cluster },
    nowMs: () => number,
  ) {
    const { consumer, cluster } = make(() => ({ generation: this.#generation, partitions: this.#assigned }));
    this.#consumer = consumer;
    this.#ends = new LogEnds(cluster);
    this.#nowMs = nowMs;
    this.#aliveMs = nowMs();
    this.#listen();
  }

  /** Makes a consumer that does nothing yet. Errors: rejects with `ServiceError` when kafkajs can't be used. */
  static async create(config: KafkaConfig, listener: MemberListener, nowMs: () => number): Promise<GroupMember> {
    const library = await loadKafka();
    const make = (claims: () => Claims): { consumer: Consumer; cluster: Cluster } => {
      const found: Cluster[] = [];
      // kafkajs shows its cluster to assigners only; asking on the consumer's own connections spares a second client.
      const spy = (assigner: PartitionAssigner): PartitionAssigner => {
        return (parts) => {
          found.push(parts.cluster);
          return assigner(parts);
        };
      };
      const partitionAssigners = assignersFor(library, config.strategies, claims).map(spy);
      const consumer = createClient(library, config).consumer({ ...consumerOptions(config), partitionAssigners });
      const [cluster] = found;
      if (cluster === undefined)
        throw new ServiceError('config_invalid', 'kafka.strategies names no assignment strategy');
      return { consumer, cluster };
    };
    return new GroupMember(config, listener, make, nowMs);
  }

  async join(): Promise<void> {
    this.#isJoining = true;
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...this.config.topics], fromBeginning: true });
    if (this.#isOver) return;
    this.#beating = setInterval(() => this.#beat(), this.config.heartbeatIntervalMs);
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 1_000,
      eachBatch: (payload) => this.#eachBatch(payload),
    });
  }

  pause({ topic, partition }: TopicPartition): void {
    this.#quietly(() => this.#consumer.pause([{ topic, partitions: [partition] }]));
  }

  resumeAt({ topic, partition }: TopicPartition, offset: Offset): void {
    this.#quietly(() => {
      this.#consumer.seek({ topic, partition, offset: String(offset) });
      this.#consumer.resume([{ topic, partitions: [partition] }]);
    });
  }

  ends(source: TopicPartition): Promise<Watermarks> {
    return this.#ends.of(source);
  }

  async commit(offsets: readonly Settled[]): Promise<void> {
    await this.#consumer.commitOffsets(
      offsets.map(({ topic, partition, next }) => ({ topic, partition, offset: String(next) })),
    );
  }

  get silentForMs(): number {
    return this.#nowMs() - this.#aliveMs;
  }

  async close(withinMs: number): Promise<boolean> {
    this.#isOver = true;
    if (this.#beating !== null) clearInterval(this.#beating);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, withinMs, false)));
    const left = this.#consumer.disconnect().then(
      () => !this.#isJoining,
      () => false,
    );
    return Promise.race([left, late]).finally(() => clearTimeout(timer));
  }

  #listen(): void {
    const { GROUP_JOIN, HEARTBEAT, CRASH } = this.#consumer.events;
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      // kafkajs can't be stopped while it joins: it would stay in the group and hold partitions that nobody reads. Of this it dies.
      if (this.#isOver) throw new TypeError('joined after it was closed');
      this.#isJoining = false;
      this.#aliveMs = this.#nowMs();
      // Generations are told with heartbeats only; until the first one it is at least one more than the last.
      this.#generation++;
      this.#assigned = Object.entries(payload.memberAssignment).flatMap(([topic, ids]) =>
        ids.map((partition) => ({ topic, partition })),
      );
      for (const source of this.#assigned) this.pause(source);
      try {
        this.listener.joined(this.#assigned);
      } catch (error) {
        this.#broken(error);
      }
    });
    this.#consumer.on(HEARTBEAT, ({ payload }) => {
      this.#aliveMs = this.#nowMs();
      this.#generation = payload.groupGenerationId;
    });
    this.#consumer.on(CRASH, ({ payload }) => {
      this.#assigned = [];
      this.#heartbeat = null;
      this.#isJoining = payload.restart;
      if (!this.#isOver) this.listener.crashed(payload.error, payload.restart);
    });
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    if (this.#isOver || !(batch instanceof FetchedBatch)) return;
    this.#heartbeat = () => payload.heartbeat();
    try {
      const next = await this.listener.fetched(batch);
      if (next === null || String(next) === batch.fetchedOffset) return;
      // Throws when the partition's topic was taken away meanwhile.
      this.#quietly(() => payload.resolveOffset(String(next - 1)));
    } catch (error) {
      this.#broken(error);
    }
  }

  /** A fault of our own. kafkajs would go on after some and die of others, without a word: it ends here, and another is made. */
  #broken(error: unknown): void {
    this.#assigned = [];
    this.listener.crashed(error, false);
  }

  /** kafkajs beats only between fetches; a rebalance that the answer tells of is found by its own next beat too. */
  #beat(): void {
    this.#heartbeat?.().catch(() => undefined);
  }

  /** kafkajs throws when it is not running; everything is told again after the next join. */
  #quietly(tell: () => void): void {
    try {
      tell();
    } catch {
      // Nothing is fetched now, so there is nothing to stop or to start.
    }
  }
}

const mebibyte = 1024 * 1024;

const consumerOptions = (config: KafkaConfig): Parameters<ReturnType<typeof createClient>['consumer']>[0] => ({
  groupId: config.groupId,
  sessionTimeout: config.sessionTimeoutMs,
  rebalanceTimeout: config.rebalanceTimeoutMs,
  heartbeatInterval: config.heartbeatIntervalMs,
  metadataMaxAge: 5_000,
  maxWaitTimeInMs: 250,
  minBytes: 1,
  maxBytesPerPartition: config.fetchBytes,
  // One answer holds all partitions of a broker, always in the same order: a tight bound would starve the last ones.
  maxBytes: Math.max(config.fetchBytes, Math.min(config.maxTotalBytes, 64 * mebibyte)),
  allowAutoTopicCreation: false,
  readUncommitted: false,
});
