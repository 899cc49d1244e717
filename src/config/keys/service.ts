import type { Config } from '../config.js';
import { bool, duration, integer, neverTrue, optional, text, word } from '../leaf.js';
import { key, section } from '../section.js';
import { heartbeatRange, noAutoCommit, sessionRange } from './kafka.js';
import { anyText, endpoint, host, texts } from './text-forms.js';

const second = 1_000;
const hour = 3_600_000;

const strategy = word('RoundRobin', 'Sticky');
/** 0 takes any that is free. */
const port = integer({ min: 0, max: 65_535 });

/** The same as below `kafka.consumer`, at the place where the group is described as a whole. */
export const consumerGroupKeys = section({
  strategy: key(optional(strategy), null, {
    description: 'How partitions are handed out; offered to the group after `partition_assignment.strategy`.',
    unset: 'RoundRobin',
  }),
  session_timeout: key(optional(duration(sessionRange)), null, {
    description: 'The same as `kafka.consumer.session_timeout`, which wins.',
    unset: 'as there',
  }),
  heartbeat_interval: key(optional(duration(heartbeatRange)), null, {
    description: 'The same as `kafka.consumer.heartbeat_interval`, which wins.',
    unset: 'as there',
  }),
  rebalance_timeout: key(optional(duration(sessionRange)), null, {
    description: 'The same as `kafka.consumer.rebalance_timeout`, which wins.',
    unset: 'as there',
  }),
});

export const partitionAssignmentKeys = ({ processing }: Config) =>
  section({
    strategy: key(optional(strategy), null, {
      description:
        'How partitions are handed out; offered to the group first. The group takes the first that every member offers.',
      unset: 'what `consumer_group.strategy` says, else Sticky',
    }),
    max_processing_time: key(
      duration({ min: second, max: 24 * hour }),
      processing.maxProcessingTimeMs,
      'A settle that has not ended by now will not: the service gives up and restarts from what is stored.',
    ),
    enable_auto_commit: key(neverTrue(noAutoCommit), false, 'Only false: offsets live with the results.'),
    commit_interval: key(
      duration({ min: 10, max: 60 * second }),
      processing.commitIntervalMs,
      'What gathers is stored together, after so long at most.',
    ),
  });

export const processingKeys = ({ processing }: Config) =>
  section({
    worker_pool_size: key(
      integer({ min: 1, max: 10_000 }),
      processing.workerPoolSize,
      'How many partitions settle at once.',
    ),
    batch_size: key(integer({ min: 1, max: 100_000 }), processing.batchSize, 'Most records in one chunk.'),
    processing_timeout: key(
      duration({ min: 100, max: hour }),
      processing.processingTimeoutMs,
      'Deadline of one settle; then its partition is detached until it is done.',
    ),
    shutdown_timeout: key(duration({ min: 100, max: hour }), processing.shutdownTimeoutMs, 'Time for an orderly stop.'),
  });

export const cacheKeys = ({ redis }: Config) =>
  section({
    redis: section({
      mode: key(word('single', 'sentinel', 'cluster'), redis.mode, 'What stands behind the endpoints.'),
      endpoints: key(texts('a list of host:port', endpoint), redis.endpoints, {
        description: 'The server; or the Sentinels; or some nodes of the cluster.',
        env: 'REDIS_ENDPOINT',
      }),
      master_name: key(optional(anyText), redis.masterName, {
        description: 'What the Sentinels call the master.',
        unset: 'only with mode sentinel',
      }),
      username: key(optional(anyText), redis.username, { description: 'Who logs in.', unset: 'the default user' }),
      password: key(optional(anyText), redis.password, {
        description: 'With which password.',
        isSecret: true,
        unset: 'none',
      }),
      db: key(integer({ min: 0, max: 1_000_000 }), redis.db, 'Number of the database; a cluster has only 0.'),
      pool_size: key(integer({ min: 1, max: 256 }), redis.poolSize, 'Connections for commits.'),
      tls: key(bool, redis.tls, 'Speak TLS with Redis.'),
      keep_windows: key(
        integer({ min: 0, max: 100_000 }),
        redis.keepWindows,
        'Closed windows kept, per device and metric.',
      ),
      keep_alerts: key(integer({ min: 0, max: 1_000_000 }), redis.keepAlerts, 'Cleared alerts kept, per partition.'),
    }),
  });

export const monitoringKeys = ({ ops }: Config) =>
  section({
    prometheus: section({
      enabled: key(bool, ops.metricsEnabled, 'Show metrics. The probes are there in any case.'),
      port: key(port, ops.port, 'Port of metrics and probes; 0 takes any that is free.'),
      path: key(text('a path that begins with /', /^\/[\w./-]*$/), ops.metricsPath, 'Path of the metrics.'),
    }),
  });

export const httpKeys = ({ http }: Config) =>
  section({
    host: key(host, http.host, 'Address of page, API and push.'),
    port: key(port, http.port, 'Port of page, API and push; 0 takes any that is free.'),
    frames_per_second: key(
      integer({ min: 1, max: 60 }),
      http.framesPerSecond,
      'Most device frames a second to one client.',
    ),
  });

export const opsKeys = ({ ops }: Config) => section({ host: key(host, ops.host, 'Address of metrics and probes.') });

export const logKeys = ({ log }: Config) =>
  section({
    level: key(
      word('trace', 'debug', 'info', 'warn', 'error', 'silent'),
      log.level,
      'Least severe lines that are written.',
    ),
  });
