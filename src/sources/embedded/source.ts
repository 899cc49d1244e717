import { concat, defer, from, Subject, type Observable } from 'rxjs';
import type { TopicPartition } from '../../../streams/model/units.js';
import type { KafkaConfig } from '../../config/config.js';
import type { Report } from '../../events.js';
import type { Partition, PartitionSource, SourceStatus } from '../../ports.js';
import { ServiceError } from '../../service-error.js';
import { Budget } from '../budget.js';
import type { PartitionHistory } from '../place.js';
import { Turns } from '../turns.js';
import type { Group, GroupMember } from './group.js';
import type { EmbeddedLog } from './log.js';
import { EmbeddedPartition } from './partition.js';

export interface EmbeddedSourceOptions {
  readonly log: EmbeddedLog;
  readonly config: Pick<
    KafkaConfig,
    'groupId' | 'topics' | 'autoOffsetReset' | 'maxPollRecords' | 'maxPartitionBytes' | 'maxTotalBytes'
  >;
  /** Records per chunk. */
  readonly batchSize: number;
  readonly report: Report;
}

/** Partitions of the embedded log as they are assigned to this member of the group. */
export const embeddedSource = (options: EmbeddedSourceOptions): PartitionSource => new EmbeddedSource(options);

class EmbeddedSource implements PartitionSource, GroupMember {
  readonly topics: readonly string[];
  readonly partitions$: Observable<Partition>;
  readonly #assigned$ = new Subject<Partition>();
  readonly #live = new Map<string, EmbeddedPartition>();
  readonly #histories = new Map<string, PartitionHistory>();
  readonly #group: Group;
  readonly #budget: Budget;
  readonly #turns = new Turns();
  #session = 0;
  #phase: 'not started' | 'joined' | 'draining' | 'closed' = 'not started';

  constructor(private readonly options: EmbeddedSourceOptions) {
    const { config, log } = options;
    this.topics = config.topics;
    this.#group = log.group(config.groupId);
    this.#budget = new Budget(config.maxPartitionBytes, config.maxTotalBytes);
    this.partitions$ = defer(() => concat(from([...this.#live.values()]), this.#assigned$));
  }

  start(): Promise<void> {
    const missing = this.topics.filter((topic) => this.options.log.partitionsOf(topic) === null);
    if (missing.length > 0) {
      return Promise.reject(new ServiceError('topic_missing', `the embedded log has no topic ${missing.join(', ')}`));
    }
    this.#phase = 'joined';
    this.#group.join(this);
    return Promise.resolve();
  }

  drain(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'draining';
    for (const partition of this.#live.values()) partition.drain();
    this.#assigned$.complete();
  }

  close(): Promise<void> {
    this.drain();
    this.#phase = 'closed';
    this.#group.leave(this);
    return Promise.resolve();
  }

  status(): SourceStatus {
    const partitions = [...this.#live.values()].map((partition) => partition.status());
    const detail = this.#phase === 'joined' ? `joined: ${partitions.length} partitions` : this.#phase;
    return { isReady: this.#phase === 'joined', detail, partitions };
  }

  revoked(kept: readonly TopicPartition[]): void {
    const keptKeys = new Set(kept.map(keyOf));
    const ended = [...this.#live];
    this.#live.clear();
    for (const [key, partition] of ended) {
      if (!keptKeys.has(key) && this.#phase === 'joined') {
        const { source } = partition;
        this.options.report({ _tag: 'partition_revoked', source, why: 'the group was rebalanced' });
      }
      partition.end();
    }
  }

  assigned(sources: readonly TopicPartition[]): void {
    const session = ++this.#session;
    if (this.#phase !== 'joined') return;
    this.options.report({ _tag: 'group_joined', session, partitions: sources });
    const fresh = sources.map((source) => this.#partition(source, session));
    for (const partition of fresh) this.#live.set(keyOf(partition.source), partition);
    for (const partition of fresh) this.#assigned$.next(partition);
  }

  #partition(source: TopicPartition, session: number): EmbeddedPartition {
    const { config, batchSize, report, log } = this.options;
    const history = this.#histories.get(keyOf(source)) ?? { first: null, lostTo: null };
    this.#histories.set(keyOf(source), history);
    return new EmbeddedPartition(source, session, {
      log: log.partition(source),
      budget: this.#budget,
      turns: this.#turns,
      report,
      history,
      reset: config.autoOffsetReset,
      batchSize,
      maxPollRecords: config.maxPollRecords,
    });
  }
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;
