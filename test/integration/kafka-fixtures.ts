import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { concatMap, type Subscription } from 'rxjs';
import type { KafkaConfig } from '../../src/config/config.js';
import type { ServiceEvent } from '../../src/events.js';
import type { Partition, PartitionSource } from '../../src/ports.js';
import { kafkaSource } from '../../src/sources/kafka/source.js';
import type { Chunk } from '../../streams/model/chunk.js';
import type { RawRecord } from '../../streams/model/raw-record.js';
import type { Offset, TopicPartition } from '../../streams/model/units.js';

const brokersFrom = (list: string | undefined): readonly string[] => {
  if (list === undefined || list === '') throw new Error('KAFKA_BROKERS is not set: these tests need a real broker');
  return list.split(',');
};

/** A name that no other test uses. */
export const freshName = (stem: string): string => `${stem}-${randomUUID().slice(0, 8)}`;

export const kafkaConfig = (topic: string, more: Partial<KafkaConfig> = {}): KafkaConfig => ({
  brokers: brokersFrom(process.env['KAFKA_BROKERS']),
  clientId: 'weir-test',
  ssl: null,
  sasl: null,
  groupId: `group-of-${topic}`,
  topics: [topic],
  autoOffsetReset: 'earliest',
  sessionTimeoutMs: 10_000,
  heartbeatIntervalMs: 500,
  rebalanceTimeoutMs: 12_000,
  strategies: ['Sticky'],
  maxPollRecords: 500,
  maxPartitionBytes: 4 * 1024 * 1024,
  maxTotalBytes: 64 * 1024 * 1024,
  fetchBytes: 256 * 1024,
  maxBatchBytes: 32 * 1024 * 1024,
  deadLetterSuffix: '.dlq',
  ...more,
});

export const until = async (what: string, isTrue: () => boolean, withinMs = 60_000): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`did not happen within ${withinMs} ms: ${what}`);
    await wait(10);
  }
};

export const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

interface Kept {
  epoch: number;
  next: Offset | null;
  readonly values: string[];
}

/** What a store does: position and results change together, and only for the newest owner. */
export class FakeStore {
  readonly #kept = new Map<string, Kept>();
  fenced = 0;

  acquire(source: TopicPartition): { readonly epoch: number; readonly next: Offset | null } {
    const kept = this.of(source);
    kept.epoch++;
    return { epoch: kept.epoch, next: kept.next };
  }

  /** False when somebody else owns it by now. */
  commit(epoch: number, expected: Offset | null, chunk: Chunk<RawRecord>): boolean {
    const kept = this.of(chunk.source);
    if (kept.epoch !== epoch) {
      this.fenced++;
      return false;
    }
    if (kept.next !== expected)
      throw new Error(`chunks are not contiguous: at ${String(kept.next)}, expected ${String(expected)}`);
    kept.next = chunk.next;
    kept.values.push(...chunk.records.map(({ value }) => value.text()));
    return true;
  }

  of(source: TopicPartition): Kept {
    const kept = this.#kept.get(keyOf(source)) ?? { epoch: 0, next: null, values: [] };
    this.#kept.set(keyOf(source), kept);
    return kept;
  }

  get count(): number {
    return [...this.#kept.values()].reduce((sum, { values }) => sum + values.length, 0);
  }

  get values(): readonly string[] {
    return [...this.#kept.values()].flatMap(({ values }) => values);
  }
}

/** A source and somebody who reads and settles everything it brings. */
export interface Reader {
  readonly source: PartitionSource;
  readonly events: readonly ServiceEvent[];
  readonly partitions: readonly Partition[];
  readonly errors: readonly unknown[];
  readonly isComplete: () => boolean;
}

export interface ReaderOptions {
  readonly config: KafkaConfig;
  readonly store: FakeStore;
  readonly batchSize?: number;
  /** How long settling a chunk takes. */
  readonly settleMs?: () => number;
}

export const reader = ({ config, store, batchSize = 50, settleMs = () => 0 }: ReaderOptions): Reader => {
  const [events, partitions, errors]: [ServiceEvent[], Partition[], unknown[]] = [[], [], []];
  let isComplete = false;
  const source = kafkaSource({ config, batchSize, report: (event) => void events.push(event) });
  const failed = (error: unknown): void => void errors.push(error);
  const readOn = (partition: Partition): Subscription => {
    const { epoch, next } = store.acquire(partition.source);
    let expected = next;
    return partition
      .read(next)
      .pipe(
        concatMap(async (chunk) => {
          const ms = settleMs();
          if (ms > 0) await wait(ms);
          if (!store.commit(epoch, expected, chunk)) return;
          expected = chunk.next;
          partition.settled(chunk.next);
        }),
      )
      .subscribe({ error: failed });
  };
  source.partitions$.subscribe({
    next: (partition) => {
      partitions.push(partition);
      readOn(partition);
    },
    error: failed,
    complete: () => (isComplete = true),
  });
  return { source, events, partitions, errors, isComplete: () => isComplete };
};

export const tags = (events: readonly ServiceEvent[]): readonly string[] => events.map(({ _tag }) => _tag);
