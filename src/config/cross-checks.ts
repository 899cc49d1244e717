import type { Document } from './document.js';
import { formatDuration, formatSize } from './quantity.js';

/** Something that is wrong, or strange, between several keys. The first path is where it is shown. */
export interface CrossFinding {
  readonly isFault: boolean;
  readonly paths: readonly [string, ...string[]];
  readonly problem: string;
}

type Check = (from: Document) => readonly CrossFinding[];

const fault = (problem: string, ...paths: readonly [string, ...string[]]): CrossFinding => ({
  isFault: true,
  paths,
  problem,
});
const warning = (problem: string, ...paths: readonly [string, ...string[]]): CrossFinding => ({
  isFault: false,
  paths,
  problem,
});
const when = (isSo: boolean, finding: CrossFinding): readonly CrossFinding[] => (isSo ? [finding] : []);

const consumer = 'kafka.consumer';

const group: Check = ({
  kafka: {
    consumer: { session_timeout, heartbeat_interval, rebalance_timeout },
  },
}) => [
  ...when(
    heartbeat_interval * 3 > session_timeout,
    fault(
      `three heartbeats must fit in the session timeout of ${formatDuration(session_timeout)}, or one late heartbeat loses the partitions`,
      `${consumer}.heartbeat_interval`,
      `${consumer}.session_timeout`,
    ),
  ),
  ...when(
    rebalance_timeout < session_timeout,
    warning(
      `shorter than the session timeout of ${formatDuration(session_timeout)}: a member may be put out of the group before it is known to be dead`,
      `${consumer}.rebalance_timeout`,
      `${consumer}.session_timeout`,
    ),
  ),
];

const topics: Check = ({
  kafka: {
    consumer: { topics },
    dead_letter_suffix: suffix,
  },
}) =>
  topics.flatMap((topic) => [
    ...when(
      topics.includes(topic + suffix),
      fault(
        `${topic + suffix} is where the dead letters of ${topic} go: it must not be read too`,
        `${consumer}.topics`,
        'kafka.dead_letter_suffix',
      ),
    ),
    ...when(
      topic.length + suffix.length > 249,
      fault(
        `with the suffix ${suffix} the name of the dead-letter topic of ${topic} is longer than 249`,
        `${consumer}.topics`,
        'kafka.dead_letter_suffix',
      ),
    ),
  ]);

const security: Check = ({ kafka: { ssl, sasl } }) => [
  ...(['username', 'password'] as const).flatMap((part) => [
    ...when(
      sasl.mechanism !== null && sasl[part] === null,
      fault(`kafka.sasl.${part} must be given too`, 'kafka.sasl.mechanism', `kafka.sasl.${part}`),
    ),
    ...when(
      sasl.mechanism === null && sasl[part] !== null,
      fault('kafka.sasl.mechanism must be given too', `kafka.sasl.${part}`, 'kafka.sasl.mechanism'),
    ),
  ]),
  ...when(
    sasl.mechanism === 'plain' && !ssl.enabled,
    warning(
      'the password crosses the network readable: turn on kafka.ssl.enabled',
      'kafka.sasl.mechanism',
      'kafka.ssl.enabled',
    ),
  ),
  ...(['ca', 'cert', 'key'] as const).flatMap((part) =>
    when(
      !ssl.enabled && ssl[part] !== null,
      fault('says nothing unless kafka.ssl.enabled is true', `kafka.ssl.${part}`, 'kafka.ssl.enabled'),
    ),
  ),
  ...when(
    (ssl.cert === null) !== (ssl.key === null),
    fault('kafka.ssl.cert and kafka.ssl.key go together', ssl.cert === null ? 'kafka.ssl.key' : 'kafka.ssl.cert'),
  ),
  ...when(
    ssl.enabled && !ssl.reject_unauthorized,
    warning('whoever stands in between can read and change everything', 'kafka.ssl.reject_unauthorized'),
  ),
];

const processing: Check = ({
  processing: { batch_size, processing_timeout },
  partition_assignment: { max_processing_time },
  kafka,
}) => [
  ...when(
    processing_timeout >= max_processing_time,
    fault(
      `must be shorter than partition_assignment.max_processing_time, ${formatDuration(max_processing_time)}`,
      'processing.processing_timeout',
      'partition_assignment.max_processing_time',
    ),
  ),
  ...when(
    batch_size > kafka.consumer.max_poll_records,
    fault(
      `must not be more than kafka.consumer.max_poll_records, ${kafka.consumer.max_poll_records}`,
      'processing.batch_size',
      `${consumer}.max_poll_records`,
    ),
  ),
];

const buffers: Check = ({ buffers: { fetch, per_partition, total } }) => [
  ...when(
    fetch > per_partition,
    fault(
      `must not be more than buffers.per_partition, ${formatSize(per_partition)}`,
      'buffers.fetch',
      'buffers.per_partition',
    ),
  ),
  ...when(
    per_partition > total,
    fault(`must not be more than buffers.total, ${formatSize(total)}`, 'buffers.per_partition', 'buffers.total'),
  ),
];

const redisPath = 'cache.redis';

const redis: Check = ({ cache: { redis } }) => [
  ...when(
    redis.mode === 'single' && redis.endpoints.length > 1,
    fault(
      'a single server has one endpoint: say mode: sentinel or mode: cluster, or leave one endpoint',
      `${redisPath}.endpoints`,
      `${redisPath}.mode`,
    ),
  ),
  ...when(
    redis.mode === 'sentinel' && redis.master_name === null,
    fault(
      'cache.redis.master_name must say what the Sentinels call the master',
      `${redisPath}.mode`,
      `${redisPath}.master_name`,
    ),
  ),
  ...when(
    redis.mode !== 'sentinel' && redis.master_name !== null,
    fault('says nothing unless mode is sentinel', `${redisPath}.master_name`, `${redisPath}.mode`),
  ),
  ...when(
    redis.mode === 'cluster' && redis.db !== 0,
    fault('a cluster has only database 0', `${redisPath}.db`, `${redisPath}.mode`),
  ),
  ...when(
    redis.username !== null && redis.password === null,
    fault('cache.redis.password must be given too', `${redisPath}.username`, `${redisPath}.password`),
  ),
];

const anywhere = new Set(['0.0.0.0', '::']);
const probes = ['/livez', '/readyz', '/healthz'];

const doors: Check = ({ http, ops, monitoring: { prometheus } }) => [
  ...when(
    http.port === prometheus.port &&
      http.port !== 0 &&
      (http.host === ops.host || anywhere.has(http.host) || anywhere.has(ops.host)),
    fault(
      `${http.port} is taken by monitoring.prometheus.port: page and metrics need a port each`,
      'http.port',
      'monitoring.prometheus.port',
    ),
  ),
  ...when(probes.includes(prometheus.path), fault(`${prometheus.path} is a probe`, 'monitoring.prometheus.path')),
];

export const crossChecks: readonly Check[] = [group, topics, security, processing, buffers, redis, doors];
