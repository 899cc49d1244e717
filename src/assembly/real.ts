import type { Config } from '../config/config.js';
import type { Report } from '../events.js';
import { redisCareStore } from '../sinks/redis/care-store.js';
import { redisReader } from '../sinks/redis/reader.js';
import { redisStore } from '../sinks/redis/store.js';
import type { ReaderSettings } from '../results/reader.js';
import { kafkaAlertTopic } from '../sources/kafka/writing/alert-topic.js';
import { kafkaDeadLetters } from '../sources/kafka/writing/dead-letters.js';
import { kafkaSource } from '../sources/kafka/source.js';
import type { Backing } from './backing.js';

/** Kafka and Redis. Nothing is connected yet. */
export const realBacking = (
  { kafka, redis, processing, alerts }: Config,
  settings: ReaderSettings,
  report: Report,
): Backing => {
  const group = kafka.groupId;
  return {
    kind: 'kafka',
    group,
    source: kafkaSource({ config: kafka, batchSize: processing.batchSize, report }),
    store: redisStore({ config: redis, group, report }),
    reader: redisReader({ config: redis, group, settings }),
    care: redisCareStore({ config: redis, group }),
    ...(alerts.topic !== null && { alertTopic: kafkaAlertTopic({ config: kafka, topic: alerts.topic }) }),
    deadLetters: kafkaDeadLetters({ config: kafka, report }),
    feed: null,
  };
};
