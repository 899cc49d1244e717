import type { Cluster, PartitionAssigner } from 'kafkajs';
import { type Chunk, chunkOf } from '../../../streams/model/chunk.js';
import type { RawRecord } from '../../../streams/model/raw-record.js';
import { asOffset, type Offset } from '../../../streams/model/units.js';
import type { KafkaConfig } from '../../config/config.js';
import { ServiceError } from '../../service-error.js';
import { partitionsOf } from './admin.js';
import { createClient, loadKafka } from './client.js';
import { asKafkaFault } from './faults.js';
import { LogEnds } from './watermarks.js';
import { FetchedBatch, type PartitionData } from './wire/fetched-batch.js';
import { RecordSetReader } from './wire/record-set.js';

/** Where reading begins or ends: at an offset of every partition, or at the first record with that log time or a later one, epoch ms. */
export type Mark = { readonly offset: number } | { readonly timeMs: number };

export interface RecordedOptions {
  readonly config: KafkaConfig;
  readonly topic: string;
  /** Null: the beginning of what is kept. */
  readonly from: Mark | null;
  /** Not read any more; null: what was the end when it began. */
  readonly to: Mark | null;
  /** How many offsets there are to read, told once. */
  readonly onTotal: (offsets: number) => void;
}

interface Stretch {
  readonly partition: number;
  readonly from: Offset;
  readonly to: Offset;
}

const perChunk = 500;
const mostTries = 8;
/** Answers in a row that hold nothing: the log was cut off meanwhile. */
const mostSilent = 20;
/** Kafka's READ_COMMITTED: what was aborted is not read. */
const committed = 1;

/**
 * Reads a stretch of a topic, partition after partition, as a member of no group: nothing is joined, nothing committed.
 * Errors: rejects with `ServiceError` when the topic is not there, Kafka can't be reached, or a batch can't be read.
 */
export async function* recordedTopic(options: RecordedOptions): AsyncGenerator<Chunk<RawRecord>> {
  const { config, topic } = options;
  const count = await partitionsOf(config, topic);
  if (count === null) throw new ServiceError('topic_missing', `no such topic: ${topic}`);
  const cluster = await connectedCluster(config);
  try {
    await cluster.addTargetTopic(topic);
    const stretches = await stretchesOf(cluster, options, count);
    options.onTotal(stretches.reduce((sum, { from, to }) => sum + to - from, 0));
    for (const stretch of stretches) yield* chunksOf(cluster, options, stretch);
  } catch (error) {
    throw error instanceof ServiceError ? error : asKafkaFault(error, `reading ${topic}`);
  } finally {
    await cluster.disconnect().catch(() => undefined);
  }
}

/** kafkajs shows its cluster to assigners only; the consumer that it makes for that is never connected. */
const connectedCluster = async (config: KafkaConfig): Promise<Cluster> => {
  const library = await loadKafka();
  const found: Cluster[] = [];
  const spy: PartitionAssigner = (parts) => {
    found.push(parts.cluster);
    return library.PartitionAssigners.roundRobin(parts);
  };
  createClient(library, config).consumer({ groupId: 'none', readUncommitted: false, partitionAssigners: [spy] });
  const [cluster] = found;
  if (cluster === undefined) throw new ServiceError('internal', 'kafkajs shows its cluster to assigners no more');
  await cluster.connect();
  return cluster;
};

const stretchesOf = async (
  cluster: Cluster,
  { topic, from, to }: RecordedOptions,
  count: number,
): Promise<readonly Stretch[]> => {
  const ends = new LogEnds(cluster);
  const partitions = Array.from({ length: count }, (_, partition) => partition);
  const marks = await Promise.all(partitions.map((partition) => ends.of({ topic, partition })));
  const [begin, end] = [
    await offsetsAt(cluster, topic, partitions, from),
    await offsetsAt(cluster, topic, partitions, to),
  ];
  return partitions.flatMap((partition) => {
    const { low, high } = marks[partition] ?? { low: asOffset(0), high: asOffset(0) };
    const within = (offset: number): Offset => asOffset(Math.min(high, Math.max(low, offset)));
    const stretch = { partition, from: within(begin?.[partition] ?? low), to: within(end?.[partition] ?? high) };
    return stretch.from < stretch.to ? [stretch] : [];
  });
};

/** By partition; null where nothing is marked. Infinity for a time after the last record. */
const offsetsAt = async (
  cluster: Cluster,
  topic: string,
  partitions: readonly number[],
  mark: Mark | null,
): Promise<readonly number[] | null> => {
  if (mark === null) return null;
  if ('offset' in mark) return partitions.map(() => mark.offset);
  const wanted = partitions.map((partition) => ({ partition }));
  const answers = await cluster.fetchTopicsOffset([{ topic, partitions: wanted, fromTimestamp: mark.timeMs }]);
  const found = new Map(
    answers.flatMap((answer) => answer.partitions.map((one) => [one.partition, Number(one.offset)])),
  );
  return partitions.map((partition) => {
    const offset = found.get(partition) ?? -1;
    return offset < 0 ? Infinity : offset;
  });
};

async function* chunksOf(
  cluster: Cluster,
  { config, topic }: RecordedOptions,
  { partition, from, to }: Stretch,
): AsyncGenerator<Chunk<RawRecord>> {
  let next = from;
  for (let silent = 0; next < to; silent += 1) {
    if (silent > mostSilent)
      throw new ServiceError(
        'kafka_unreachable',
        `${topic}-${partition}: nothing comes at ${next}, and the log went to ${to}`,
      );
    const batch = await fetched(cluster, config, topic, partition, next);
    if (batch.fault !== null)
      throw new ServiceError('kafka_refused', `${topic}-${partition} at ${next}: ${batch.fault}`);
    const set = new RecordSetReader(batch, { from: next, maxBatchBytes: config.maxBatchBytes });
    while (!set.isDone && set.next < to) {
      const records = set.take(perChunk).filter(({ offset }) => offset < to);
      if (records.length > 0) yield chunkOf({ topic, partition }, records, set.next);
    }
    if (set.fault !== null)
      throw new ServiceError('kafka_refused', `${topic}-${partition} at ${set.next}: ${set.fault}`);
    if (set.next > next) silent = 0;
    next = set.next;
  }
}

interface FetchAnswer {
  readonly responses: readonly { readonly partitions: readonly PartitionData[] }[];
}

/** What there is from an offset on. Leaders come and go: asked again with fresh metadata, a bounded number of times. */
const fetched = async (
  cluster: Cluster,
  config: KafkaConfig,
  topic: string,
  partition: number,
  offset: Offset,
): Promise<FetchedBatch> => {
  for (let tries = 1; ; tries += 1) {
    try {
      const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
      if (nodeId === undefined) throw new ServiceError('kafka_unreachable', `${topic}-${partition} has no leader`);
      const broker = await cluster.findBroker({ nodeId });
      const answer = (await broker.fetch({
        isolationLevel: committed,
        maxWaitTime: 250,
        minBytes: 1,
        maxBytes: config.fetchBytes,
        topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes: config.fetchBytes }] }],
      })) as FetchAnswer;
      const data = answer.responses.flatMap(({ partitions }) => partitions).find((one) => one.partition === partition);
      if (data !== undefined) return new FetchedBatch(topic, String(offset), data);
      throw new ServiceError('kafka_unreachable', `${topic}-${partition}: the broker told nothing of it`);
    } catch (error) {
      if (tries >= mostTries) throw error;
      await cluster.refreshMetadata().catch(() => undefined);
    }
  }
};
