import type { Offset, TopicPartition } from '../../../streams/model/units.js';
import { Group } from './group.js';
import { partitionOfKey } from '../key-hash.js';
import { type Appended, type LogLimits, PartitionLog } from './partition-log.js';

export interface EmbeddedLogOptions extends Partial<LogLimits> {
  /** Number of partitions by topic; none is created later. */
  readonly topics: Readonly<Record<string, number>>;
}

const kib = 1024;

/** A partitioned log within this process, with consumer groups: what Kafka is to the service, without a server. */
export class EmbeddedLog {
  readonly #topics: ReadonlyMap<string, readonly PartitionLog[]>;
  readonly #groups = new Map<string, Group>();
  #turn = 0;

  constructor({ topics, segmentBytes = 256 * kib, retentionBytes = 4_096 * kib }: EmbeddedLogOptions) {
    const logs = (count: number): PartitionLog[] =>
      Array.from({ length: count }, () => new PartitionLog({ segmentBytes, retentionBytes }));
    this.#topics = new Map(Object.entries(topics).map(([topic, count]) => [topic, logs(count)]));
  }

  /** Null when there is no such topic. */
  partitionsOf(topic: string): number | null {
    return this.#topics.get(topic)?.length ?? null;
  }

  /** Errors: throws `RangeError` when there is no such partition. */
  partition({ topic, partition }: TopicPartition): PartitionLog {
    const log = this.#topics.get(topic)?.[partition];
    if (log === undefined) throw new RangeError(`the embedded log has no partition ${topic}-${partition}`);
    return log;
  }

  /** Appends to the partition of the record's key; records without a key go round. Errors: throws `RangeError` on an unknown topic. */
  append(topic: string, record: Appended): { readonly partition: number; readonly offset: Offset } {
    const count = this.partitionsOf(topic) ?? 0;
    const { key } = record;
    const partition = key === null ? this.#turn++ % count : partitionOfKey(Buffer.from(key), count);
    return { partition, offset: this.partition({ topic, partition }).append(record) };
  }

  group(id: string): Group {
    const group = this.#groups.get(id) ?? new Group((topic) => this.partitionsOf(topic) ?? 0);
    this.#groups.set(id, group);
    return group;
  }
}
