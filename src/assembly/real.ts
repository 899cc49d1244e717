import type { Config } from '../config/config.js';
import type { Report } from '../events.js';
import { redisCareStore } from '../sinks/redis/care-store.js';
import { redisReader } from '../sinks/redis/reader.js';
import { redisRuleLog } from '../sinks/redis/rule-log.js';
import { redisStore } from '../sinks/redis/store.js';
import type { ReaderSettings } from '../results/reader.js';
import type { ServiceRules } from '../rules/active.js';
import { RulesInForce } from '../rules/in-force.js';
import type { RuleFile } from '../rules/rule-file.js';
import { kafkaAlertTopic } from '../sources/kafka/writing/alert-topic.js';
import { kafkaDeadLetters } from '../sources/kafka/writing/dead-letters.js';
import { kafkaSource } from '../sources/kafka/source.js';
import type { Backing } from './backing.js';

/** The rules in force for the group, which Redis knows. A file at fault is told when the group has no rules to go on with. */
export const realRules =
  (file: RuleFile, { kafka, redis, pipeline: door }: Config): ((report: Report) => ServiceRules) =>
  (report) =>
    new RulesInForce({ file, door, log: redisRuleLog({ config: redis, group: kafka.groupId }), report });

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
