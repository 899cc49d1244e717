import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { concatMap, from, mergeMap, type Subscription } from 'rxjs';
import type { KafkaConfig } from '../../src/config/config.js';
import type { ServiceEvent } from '../../src/events.js';
import type { Partition, PartitionSource } from '../../src/ports.js';
import { createClient, loadKafka } from '../../src/sources/kafka/client.js';
import { kafkaSource } from '../../src/sources/kafka/source.js';
import { FetchedBatch } from '../../src/sources/kafka/wire/fetched-batch.js';
import { RecordSetReader } from '../../src/sources/kafka/wire/record-set.js';
import type { RawRecord } from '../../streams/model/raw-record.js';
import { asOffset } from '../../streams/model/units.js';
import type { Store } from './kafka-store.js';

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
  readonly store: Store;
  readonly batchSize?: number;
  /** How long settling a chunk takes. */
  readonly settleMs?: () => number;
}

export const reader = ({ config, store, batchSize = 50, settleMs = () => 0 }: ReaderOptions): Reader => {
  const [events, partitions, errors]: [ServiceEvent[], Partition[], unknown[]] = [[], [], []];
  let isComplete = false;
  const source = kafkaSource({ config, batchSize, report: (event) => void events.push(event) });
  const failed = (error: unknown): void => void errors.push(error);
  const readOn = (partition: Partition): Subscription =>
    from(Promise.resolve(store.acquire(partition.source)))
      .pipe(
        mergeMap(({ epoch, next }) => {
          let expected = next;
          return partition.read(next).pipe(
            concatMap(async ({ records, next: then, source: where }) => {
              const ms = settleMs();
              if (ms > 0) await wait(ms);
              const values = records.map(({ value }) => value.text());
              if (!(await store.commit({ source: where, epoch, expected, next: then, values }))) return;
              expected = then;
              partition.settled(then);
            }),
          );
        }),
      )
      .subscribe({ error: failed });
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

/** A record of a topic, and the partition that it lies in. */
export interface Seen {
  readonly partition: number;
  readonly record: RawRecord;
}

/** Reads a topic from its beginning for as long as the test runs; what came is in `seen`. */
export const readTopic = async (
  config: KafkaConfig,
  topic: string,
): Promise<{ readonly seen: readonly Seen[]; close(): Promise<void> }> => {
  const seen: Seen[] = [];
  const consumer = createClient(await loadKafka(), config).consumer({
    groupId: freshName('readers'),
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: (payload) => {
      const { batch } = payload;
      if (!(batch instanceof FetchedBatch)) return Promise.reject(new Error('the client is not patched'));
      const records = new RecordSetReader(batch, { from: asOffset(Number(batch.fetchedOffset)), maxBatchBytes: 1e8 });
      for (const record of records.take(1e6)) seen.push({ partition: batch.partition, record });
      if (String(records.next) !== batch.fetchedOffset) payload.resolveOffset(String(records.next - 1));
      return Promise.resolve();
    },
  });
  return { seen, close: () => consumer.disconnect() };
};
