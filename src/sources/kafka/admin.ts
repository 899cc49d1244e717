import { setTimeout as wait } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { ServiceError } from '../../service-error.js';
import { withAdmin, type ConnectionConfig } from './client.js';
import { asKafkaFault, isNotThereYet } from './faults.js';

const looks = 100;
const betweenLooksMs = 100;

/** How many partitions a topic has; null when there is no such topic. Errors: rejects with `ServiceError` when Kafka can't be asked. */
export const partitionsOf = (config: ConnectionConfig, topic: string): Promise<number | null> =>
  withAdmin(config, (admin) => countPartitions(admin, topic));

/** Errors: rejects with `ServiceError` `topic_missing` naming what is not there. */
export const requireTopics = (config: ConnectionConfig, topics: readonly string[]): Promise<void> =>
  withAdmin(config, async (admin) => {
    const missing: string[] = [];
    for (const topic of topics) if ((await countPartitions(admin, topic)) === null) missing.push(topic);
    if (missing.length === 0) return;
    throw new ServiceError(
      'topic_missing',
      `no such topic: ${missing.join(', ')}; create it, or correct kafka.consumer.topics`,
    );
  });

/**
 * Creates the topic if it isn't there; what exists is left as it is. Returns its number of partitions.
 * Errors: rejects with `ServiceError` `kafka_refused` when it may not be created.
 */
export const ensureTopic = (config: ConnectionConfig, topic: string, partitions: number): Promise<number> =>
  withAdmin(config, (admin) => createIfMissing(admin, topic, partitions));

/** Number of partitions; null when there is no such topic. The list is asked first: kafkajs asks for a missing topic over and over. */
export const countPartitions = async (admin: Admin, topic: string): Promise<number | null> => {
  try {
    if (!(await admin.listTopics()).includes(topic)) return null;
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics.find(({ name }) => name === topic)?.partitions.length ?? null;
  } catch (error) {
    throw asKafkaFault(error, `asking for the topic ${topic}`);
  }
};

export const createIfMissing = async (admin: Admin, topic: string, partitions: number): Promise<number> => {
  const found = await countPartitions(admin, topic);
  if (found !== null) return found;
  const doing = `creating the topic ${topic} with ${partitions} partitions`;
  try {
    // −1: the broker's default replication. kafkajs' own waiting for leaders fails when the topic is not known everywhere at once.
    await admin.createTopics({
      topics: [{ topic, numPartitions: partitions, replicationFactor: -1 }],
      waitForLeaders: false,
    });
  } catch (error) {
    throw asKafkaFault(error, doing);
  }
  for (let look = 1; look <= looks; look++) {
    const count = await countPartitions(admin, topic).catch((error: unknown) => {
      if (isNotThereYet(error)) return null;
      throw error;
    });
    if (count !== null) return count;
    await wait(betweenLooksMs);
  }
  throw new ServiceError(
    'kafka_unreachable',
    `${doing}: no leader after ${(looks * betweenLooksMs) / 1000} s; look at the brokers`,
  );
};
