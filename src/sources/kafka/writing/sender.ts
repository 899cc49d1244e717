import type { CompressionTypes, Message, Producer, RecordMetadata } from 'kafkajs';
import type { RecordHeaders } from '../../../../streams/model/raw-record.js';
import { asOffset, type Offset } from '../../../../streams/model/units.js';
import { ServiceError } from '../../../service-error.js';
import { createClient, loadKafka, patientRetry, withAdmin, type ConnectionConfig } from '../client.js';
import { codecNumber, shrinkers, type Compression } from '../wire/compression/codecs.js';
import { asKafkaFault } from '../faults.js';

export type { Compression } from '../wire/compression/codecs.js';

export interface OutgoingRecord {
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: RecordHeaders;
  /** Epoch ms; the time of sending when left out. */
  readonly timestampMs?: number;
}

export interface SendOptions {
  /** `none` unless told. */
  readonly compression?: Compression;
}

/** Writes records so that none is lost, doubled or overtaken as long as no send fails. */
export interface Sender {
  /**
   * Resolves with the offset of the first record when all in-sync replicas have them. Sends to the same partition are done one
   * after the other, in order. Errors: rejects with `ServiceError` `kafka_unreachable` or `kafka_refused`; whether the records were
   * written is unknown then.
   */
  send(topic: string, partition: number, records: readonly OutgoingRecord[], options?: SendOptions): Promise<Offset>;
  /** Waits for what is in flight. */
  close(): Promise<void>;
}

/** Errors: rejects with `ServiceError` when Kafka can't be reached or refuses. */
export const openSender = async (config: ConnectionConfig): Promise<Sender> => {
  await withAdmin(config, () => Promise.resolve());
  return new CarefulSender(config);
};

/**
 * kafkajs resolves a `send` for records it never wrote when the send spans partitions and a leader moves, or when it does not know the
 * partition. Hence: one partition per send, and the answer must name it.
 */
class CarefulSender implements Sender {
  #producer: Promise<Producer> | null = null;
  readonly #lanes = new Map<string, Promise<unknown>>();
  readonly #retired = new Set<Promise<void>>();

  constructor(private readonly config: ConnectionConfig) {}

  send(
    topic: string,
    partition: number,
    records: readonly OutgoingRecord[],
    options: SendOptions = {},
  ): Promise<Offset> {
    const lane = `${topic}-${partition}`;
    const before = this.#lanes.get(lane) ?? Promise.resolve();
    const sending = before.then(() => this.#send(topic, partition, records, options.compression ?? 'none'));
    // The next one waits for this one, but does not fail with it.
    const settled = sending.then(
      () => undefined,
      () => undefined,
    );
    this.#lanes.set(lane, settled);
    return sending;
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.values());
    await Promise.all(this.#retired);
    await this.#retire(this.#producer);
  }

  async #send(
    topic: string,
    partition: number,
    records: readonly OutgoingRecord[],
    compression: Compression,
  ): Promise<Offset> {
    if (records.length === 0) throw new ServiceError('internal', 'there is nothing to send');
    const used = (this.#producer ??= this.#connect());
    const doing = `writing ${records.length} records to ${topic}-${partition}`;
    try {
      const producer = await used;
      const messages = records.map((record) => messageOf(record, partition));
      const answer = await producer.send({ topic, messages, acks: -1, compression: codecOf(compression) });
      return writtenAt(answer, topic, partition, doing);
    } catch (error) {
      this.#abandon(used);
      throw asKafkaFault(error, doing);
    }
  }

  async #connect(): Promise<Producer> {
    const library = await loadKafka();
    const producer = createClient(library, this.config).producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      metadataMaxAge: 5_000,
      createPartitioner: library.Partitioners.DefaultPartitioner,
      retry: { ...patientRetry },
    });
    await producer.connect();
    return producer;
  }

  /** After a failed send its sequence numbers may be used up: going on with them, the broker could take the next records for repeats. */
  #abandon(used: Promise<Producer>): void {
    if (this.#producer !== used) return;
    this.#producer = null;
    const retired = this.#retire(used);
    this.#retired.add(retired);
    void retired.then(() => this.#retired.delete(retired));
  }

  async #retire(used: Promise<Producer> | null): Promise<void> {
    await used?.then((producer) => producer.disconnect()).catch(() => undefined);
  }
}

const messageOf = (record: OutgoingRecord, partition: number): Message => ({
  key: record.key,
  value: record.value,
  partition,
  ...(record.timestampMs === undefined ? {} : { timestamp: String(record.timestampMs) }),
  headers: Object.fromEntries(Object.entries(record.headers ?? {}).map(([name, value]) => [name, sendable(value)])),
});

/** kafkajs' type lists the codecs that it brings along; any that has an encoder will do. */
const codecOf = (compression: Compression): CompressionTypes => {
  const codec = codecNumber[compression];
  if (!hasEncoder(codec)) throw new ServiceError('internal', `there is no encoder for ${compression}`);
  return codec;
};

const hasEncoder = (codec: number): codec is CompressionTypes => codec === 0 || codec in shrinkers;

/** kafkajs can't write a null value of a header: an empty one takes its place. */
const sendable = (value: Buffer | readonly Buffer[] | null): Buffer | Buffer[] =>
  value === null ? Buffer.alloc(0) : Buffer.isBuffer(value) ? value : [...value];

const writtenAt = (answer: readonly RecordMetadata[], topic: string, partition: number, doing: string): Offset => {
  const written = answer.find((one) => one.topicName === topic && one.partition === partition && one.errorCode === 0);
  if (written?.baseOffset === undefined) {
    throw new ServiceError(
      'kafka_refused',
      `${doing}: nothing was written, the topic has no such partition as far as is known`,
    );
  }
  return asOffset(Number(written.baseOffset));
};
