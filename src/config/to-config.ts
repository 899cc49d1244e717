import type { DoorSettings } from '../../streams/rules/settings.js';
import type {
  AssignmentStrategy,
  Config,
  KafkaConfig,
  OpsConfig,
  ProcessingConfig,
  RedisConfig,
  SaslConfig,
  SslConfig,
} from './config.js';
import { defaultConfig } from './defaults.js';
import type { Document } from './document.js';

/** Where each key of the file lands. */
export const toConfig = (from: Document): Config => ({
  kafka: kafkaOf(from),
  processing: processingOf(from),
  redis: redisOf(from),
  http: { host: from.http.host, port: from.http.port, framesPerSecond: from.http.frames_per_second },
  ops: opsOf(from),
  log: { level: from.log.level },
  rules: { path: from.rules.path },
  alerts: {
    topic: from.alerts.topic,
    webhookUrl: from.alerts.webhook.url,
    webhookAuthorization: from.alerts.webhook.authorization,
  },
  pipeline: pipelineOf(from),
});

const kafkaOf = (from: Document): KafkaConfig => {
  const { kafka, buffers } = from;
  return {
    brokers: kafka.brokers,
    clientId: kafka.client_id,
    ssl: sslOf(kafka.ssl),
    sasl: saslOf(kafka.sasl),
    groupId: kafka.consumer.group_id,
    topics: kafka.consumer.topics,
    autoOffsetReset: kafka.consumer.auto_offset_reset,
    sessionTimeoutMs: kafka.consumer.session_timeout,
    heartbeatIntervalMs: kafka.consumer.heartbeat_interval,
    rebalanceTimeoutMs: kafka.consumer.rebalance_timeout,
    strategies: strategiesOf(from),
    maxPollRecords: kafka.consumer.max_poll_records,
    maxPartitionBytes: buffers.per_partition,
    maxTotalBytes: buffers.total,
    fetchBytes: buffers.fetch,
    maxBatchBytes: buffers.max_batch,
    deadLetterSuffix: kafka.dead_letter_suffix,
  };
};

/**
 * What was asked for comes first. The other strategy is always offered too: members whose first choices differ, as in the middle of
 * a deployment, then still agree on one, where the broker would otherwise turn the newcomer away.
 */
const strategiesOf = (from: Document): readonly AssignmentStrategy[] => {
  const asked = [from.partition_assignment.strategy, from.consumer_group.strategy].filter(
    (strategy) => strategy !== null,
  );
  return [...new Set([...asked, ...defaultConfig().kafka.strategies])];
};

const sslOf = ({ enabled, ca, cert, key, reject_unauthorized }: Document['kafka']['ssl']): SslConfig | null =>
  enabled ? { ca, cert, key, rejectUnauthorized: reject_unauthorized } : null;

const saslOf = ({ mechanism, username, password }: Document['kafka']['sasl']): SaslConfig | null =>
  mechanism !== null && username !== null && password !== null ? { mechanism, username, password } : null;

const processingOf = ({ processing, partition_assignment }: Document): ProcessingConfig => ({
  workerPoolSize: processing.worker_pool_size,
  batchSize: processing.batch_size,
  processingTimeoutMs: processing.processing_timeout,
  maxProcessingTimeMs: partition_assignment.max_processing_time,
  commitIntervalMs: partition_assignment.commit_interval,
  shutdownTimeoutMs: processing.shutdown_timeout,
});

const redisOf = ({ cache: { redis } }: Document): RedisConfig => ({
  mode: redis.mode,
  endpoints: redis.endpoints,
  masterName: redis.master_name,
  username: redis.username,
  password: redis.password,
  db: redis.db,
  poolSize: redis.pool_size,
  tls: redis.tls,
  keepWindows: redis.keep_windows,
  keepAlerts: redis.keep_alerts,
});

const opsOf = ({ ops, monitoring: { prometheus } }: Document): OpsConfig => ({
  host: ops.host,
  port: prometheus.port,
  metricsEnabled: prometheus.enabled,
  metricsPath: prometheus.path,
});

const pipelineOf = ({ time, dedupe, limits }: Document): DoorSettings => ({
  time: { maxAheadMs: time.max_ahead, maxPastMs: time.max_past },
  dedupe: { windowMs: dedupe.window },
  limits: { maxValueBytes: limits.max_value, maxDepth: limits.max_depth },
});
