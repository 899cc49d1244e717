import { randomUUID } from 'node:crypto';
import { type Admin, type IHeaders, Kafka, logLevel } from 'kafkajs';
import type { KeptRecord } from '../compare/dead-letters.js';

/** The log as it is, read by a plain client that shares nothing with the service. */
export class Topics {
  readonly #kafka: Kafka;
  readonly #admin: Admin;

  constructor(brokers: string) {
    this.#kafka = new Kafka({ brokers: brokers.split(','), clientId: 'weir-e2e', logLevel: logLevel.NOTHING });
    this.#admin = this.#kafka.admin();
  }

  async open(): Promise<void> {
    await this.#admin.connect();
  }

  async close(): Promise<void> {
    await this.#admin.disconnect();
  }

  async create(topic: string, partitions: number): Promise<void> {
    await this.#admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true });
  }

  async remove(...topics: readonly string[]): Promise<void> {
    await this.#admin.deleteTopics({ topics: [...topics] });
  }

  /** The offset after the last record, by partition. */
  async ends(topic: string): Promise<readonly number[]> {
    const offsets = await this.#admin.fetchTopicOffsets(topic);
    return offsets.sort((a, b) => a.partition - b.partition).map(({ high }) => Number(high));
  }

  /** Every record of every partition, in order. Errors: rejects when the log has gaps. */
  async read(topic: string): Promise<readonly (readonly KeptRecord[])[]> {
    const ends = await this.ends(topic);
    const records = ends.map((): KeptRecord[] => []);
    const isWhole = (): boolean => records.every((found, partition) => found.length === ends[partition]);
    if (isWhole()) return records;
    const consumer = this.#kafka.consumer({ groupId: `weir-e2e-${randomUUID()}`, maxWaitTimeInMs: 100 });
    await consumer.connect();
    try {
      await consumer.subscribe({ topic, fromBeginning: true });
      await new Promise<void>((resolve, reject) => {
        consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
        void consumer.run({
          partitionsConsumedConcurrently: ends.length,
          eachBatch: ({ batch: { partition, messages } }) => {
            const found = records[partition];
            for (const { offset, timestamp, key, value, headers } of messages) {
              if (found === undefined || Number(offset) >= (ends[partition] ?? 0)) break;
              if (Number(offset) !== found.length) {
                reject(new Error(`${topic}-${partition}: read ${offset} after ${found.length - 1}`));
              }
              found.push({
                topic,
                partition,
                offset: Number(offset),
                timestampMs: Number(timestamp),
                key,
                value,
                headers: copied(headers),
              });
            }
            if (isWhole()) resolve();
            return Promise.resolve();
          },
        });
      });
    } finally {
      await consumer.disconnect();
    }
    return records;
  }

  /** A plain producer, for records that the test makes itself. One partition per send, so that what was sent is what is there. */
  async send(
    topic: string,
    partition: number,
    messages: readonly { readonly value: string | null; readonly key?: string }[],
  ): Promise<void> {
    const producer = this.#kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    await producer.send({
      topic,
      acks: -1,
      messages: messages.map(({ key, value }) => ({ key: key ?? null, value, partition })),
    });
    await producer.disconnect();
  }
}

const copied = (headers: IHeaders | undefined): KeptRecord['headers'] =>
  Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [
      name,
      value === undefined ? null : Buffer.concat([value].flat().map((part) => Buffer.from(part))),
    ]),
  );
