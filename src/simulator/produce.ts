import { setTimeout as wait } from 'node:timers/promises';
import type { KafkaConfig } from '../config/config.js';
import { ServiceError } from '../service-error.js';
import { ensureTopic, partitionsOf } from '../sources/kafka/admin.js';
import { openSender } from '../sources/kafka/writing/sender.js';
import type { Shape } from './device.js';
import type { Faults, PlantedFault } from './faults.js';
import { Outbox } from './outbox.js';
import { Pace } from './pace.js';
import { type RecordKind, type Shares, Simulator } from './simulator.js';
import { timesOf, Unusable } from './times.js';

export interface ProduceOptions {
  readonly kafka: KafkaConfig;
  readonly topic: string;
  readonly shape: Shape | 'mixed';
  /** `snappy` is one raw block, without the frame that Java clients put around it. */
  readonly codec: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
  /** Null: as fast as it goes. */
  readonly ratePerSecond: number | null;
  /** How many times faster than the clock event time runs; without a rate, the seconds of event time between two records of a device. */
  readonly speed: number;
  readonly devices: number;
  readonly seed: number;
  readonly shares: Shares;
  /** Share of devices that have a fault in each five minutes of event time. */
  readonly faultShare: number;
  /** Both null: until the signal. */
  readonly count: number | null;
  readonly durationMs: number | null;
  /** Timestamp of the first record, epoch ms; null: such that the last one has the time at which it is sent. */
  readonly startMs: number | null;
  readonly createTopic: { readonly partitions: number } | null;
}

/** What was written; every number counts acknowledged records alone. */
export interface ProduceSummary {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  readonly codec: ProduceOptions['codec'];
  readonly seed: number;
  readonly devices: number;
  readonly sent: number;
  /** Of keys and values, before compression. */
  readonly bytes: number;
  readonly seconds: number;
  readonly recordsPerSecond: number;
  readonly shapes: Readonly<Record<Shape, number>>;
  readonly kinds: Readonly<Record<RecordKind, number>>;
  /** What was planted at the sensors: how many of each kind, and the first 10,000 of them. */
  readonly faults: { readonly counts: Faults['counts']; readonly planted: readonly PlantedFault[] };
  /** Timestamps of the first and the last record, epoch ms; null when nothing was sent. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** False when it was ended before count or duration were reached. */
  readonly isComplete: boolean;
}

export interface ProduceWatch {
  readonly onProgress: (sent: number, total: number | null) => void;
  readonly signal: AbortSignal;
}

const tickMs = 20;
/** So many records without looking at the clock, when there is no rate. */
const stride = 500;

/**
 * Writes a simulated fleet to a topic. A record's partition is that of its key by FNV-1a, as with Sarama, a Kafka client in Go.
 * Errors: rejects with `ServiceError` when Kafka can't be reached or refuses, or the topic is not there; with
 * `Unusable` when the options contradict each other.
 */
export const produce = async (options: ProduceOptions, watch: ProduceWatch): Promise<ProduceSummary> => {
  const { kafka, topic, codec, createTopic } = options;
  const { bad, late, future, duplicate } = options.shares;
  if (bad + late + future + duplicate > 1)
    throw new Unusable('the shares of bad, late, future and duplicate records add up to more than 1');
  const times = timesOf(options, Date.now());
  const partitions =
    createTopic === null ? await partitionsOf(kafka, topic) : await ensureTopic(kafka, topic, createTopic.partitions);
  if (partitions === null) {
    throw new ServiceError('topic_missing', `no such topic: ${topic}; create it, or let --create-topic do it`);
  }
  const sender = await openSender(kafka);
  try {
    const outbox = new Outbox({
      partitions,
      send: (partition, records) => sender.send(topic, partition, records, { compression: codec }),
    });
    const startedMs = performance.now();
    const { devices, seed, shape, shares, faultShare } = options;
    const { startMs, stepMs } = times;
    const simulator = new Simulator({ devices, seed, shape, shares, faultShare, startMs, stepMs });
    const isComplete = await run(options, times.total, simulator, outbox, watch);
    const seconds = (performance.now() - startedMs) / 1_000;
    return summaryOf(options, partitions, outbox, { seconds, isComplete, faults: simulator.faults });
  } finally {
    await sender.close();
  }
};

/** True when the wanted end was reached. */
const run = async (
  { ratePerSecond, speed, durationMs }: ProduceOptions,
  total: number | null,
  simulator: Simulator,
  outbox: Outbox,
  { onProgress, signal }: ProduceWatch,
): Promise<boolean> => {
  const beginMs = performance.now();
  const pace = ratePerSecond === null ? null : new Pace(ratePerSecond, beginMs);
  const isOver = (): boolean => durationMs !== null && performance.now() - beginMs >= durationMs;
  let made = 0;
  while (!signal.aborted && made < (total ?? Infinity) && !isOver()) {
    const { count, skippedMs } = pace?.due(performance.now()) ?? { count: stride, skippedMs: 0 };
    simulator.skip(skippedMs * speed);
    const wanted = Math.min(count, (total ?? Infinity) - made);
    for (let i = 0; i < wanted; i += 1) outbox.put(simulator.next());
    made += wanted;
    onProgress(outbox.sent, total);
    if (pace === null) await outbox.room();
    else await paced(pace, outbox, signal);
  }
  await outbox.flush();
  onProgress(outbox.sent, total);
  return !signal.aborted || (total !== null && made >= total);
};

/** With a rate, records are not held back until a batch is full. */
const paced = async (pace: Pace, outbox: Outbox, signal: AbortSignal): Promise<void> => {
  outbox.sendAll();
  await outbox.room();
  await wait(Math.max(tickMs, pace.nextMs - performance.now()), undefined, { signal }).catch(() => undefined);
};

const summaryOf = (
  { kafka, topic, codec, seed, devices }: ProduceOptions,
  partitions: number,
  outbox: Outbox,
  { seconds, isComplete, faults }: Pick<ProduceSummary, 'seconds' | 'isComplete'> & { readonly faults: Faults | null },
): ProduceSummary => ({
  brokers: kafka.brokers,
  topic,
  partitions,
  codec,
  seed,
  devices,
  ...outbox.written,
  faults: { counts: faults?.counts ?? {}, planted: faults?.listed ?? [] },
  seconds: Math.round(seconds * 1_000) / 1_000,
  recordsPerSecond: seconds > 0 ? Math.round(outbox.sent / seconds) : 0,
  isComplete,
});
