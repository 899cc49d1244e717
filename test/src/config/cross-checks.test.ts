import { describe, expect, test } from 'vitest';
import { faultsOf, resolved, shown } from './loading.js';

const told = (text: string): readonly string[] => shown(faultsOf(text));
const group = (what: string): string => `kafka: {consumer: {${what}}}`;
const redis = (what: string): string => `cache: {redis: {${what}}}`;

describe('keys that do not go together are a fault', () => {
  test.each<readonly [yaml: string, fault: string]>([
    [
      group('session_timeout: 10s, heartbeat_interval: 4s'),
      'weir.yaml:1:62: kafka.consumer.heartbeat_interval: three heartbeats must fit in the session timeout of 10s, or one late heartbeat loses the partitions',
    ],
    [
      group('session_timeout: 2s'),
      'weir.yaml:1:37: kafka.consumer.session_timeout: kafka.consumer.heartbeat_interval (not given): three heartbeats must fit in the session timeout of 2s, or one late heartbeat loses the partitions',
    ],
    [
      'consumer_group:\n  session_timeout: 2s',
      'weir.yaml:2:20: consumer_group.session_timeout: kafka.consumer.heartbeat_interval (not given): three heartbeats must fit in the session timeout of 2s, or one late heartbeat loses the partitions',
    ],
    [
      group('topics: [a, a.dlq]'),
      'weir.yaml:1:28: kafka.consumer.topics: a.dlq is where the dead letters of a go: it must not be read too',
    ],
    [
      group(`topics: [${'a'.repeat(246)}]`),
      `weir.yaml:1:28: kafka.consumer.topics: with the suffix .dlq the name of the dead-letter topic of ${'a'.repeat(246)} is longer than 249`,
    ],
    [
      'kafka: {sasl: {mechanism: PLAIN, username: u}}',
      'weir.yaml:1:27: kafka.sasl.mechanism: kafka.sasl.password must be given too',
    ],
    ['kafka: {sasl: {username: u}}', 'weir.yaml:1:26: kafka.sasl.username: kafka.sasl.mechanism must be given too'],
    [
      'kafka: {ssl: {enabled: true, cert: "-----BEGIN X"}}',
      'weir.yaml:1:36: kafka.ssl.cert: kafka.ssl.cert and kafka.ssl.key go together',
    ],
    [
      'kafka: {ssl: {ca: "-----BEGIN X"}}',
      'weir.yaml:1:19: kafka.ssl.ca: says nothing unless kafka.ssl.enabled is true',
    ],
    [
      'processing: {processing_timeout: 5m}',
      'weir.yaml:1:34: processing.processing_timeout: must be shorter than partition_assignment.max_processing_time, 5m',
    ],
    [
      'processing: {batch_size: 5001}',
      'weir.yaml:1:26: processing.batch_size: must not be more than kafka.consumer.max_poll_records, 5000',
    ],
    ['buffers: {fetch: 17MiB}', 'weir.yaml:1:18: buffers.fetch: must not be more than buffers.per_partition, 16MiB'],
    [
      'buffers: {per_partition: 129MiB}',
      'weir.yaml:1:26: buffers.per_partition: must not be more than buffers.total, 128MiB',
    ],
    [
      redis('endpoints: ["a:1", "b:1"]'),
      'weir.yaml:1:28: cache.redis.endpoints: a single server has one endpoint: say mode: sentinel or mode: cluster, or leave one endpoint',
    ],
    [
      redis('mode: sentinel'),
      'weir.yaml:1:23: cache.redis.mode: cache.redis.master_name must say what the Sentinels call the master',
    ],
    [redis('master_name: m'), 'weir.yaml:1:30: cache.redis.master_name: says nothing unless mode is sentinel'],
    [redis('mode: cluster, db: 1'), 'weir.yaml:1:36: cache.redis.db: a cluster has only database 0'],
    [redis('username: u'), 'weir.yaml:1:27: cache.redis.username: cache.redis.password must be given too'],
    [
      'http: {port: 9090}',
      'weir.yaml:1:14: http.port: 9090 is taken by monitoring.prometheus.port: page and metrics need a port each',
    ],
    ['monitoring: {prometheus: {path: /livez}}', 'weir.yaml:1:33: monitoring.prometheus.path: /livez is a probe'],
  ])('%s', (yaml, fault) => {
    expect(told(yaml)).toEqual([fault]);
  });

  test('they are told together with faults of single keys, but not about keys that are faulty themselves', () => {
    expect(
      told('http: {port: 9090}\nlog: {level: loud}\nprocessing: {batch_size: 9999999}').map(
        (line) => line.split(': ')[1],
      ),
    ).toEqual(['http.port', 'log.level', 'processing.batch_size']);
  });
});

describe('keys that go together are none', () => {
  test.each([
    group('session_timeout: 12s, heartbeat_interval: 4s'),
    redis('mode: sentinel, master_name: m, endpoints: ["a:1", "b:1"]'),
    redis('mode: cluster, endpoints: ["a:1", "b:1"]'),
    'http: {port: 0}\nmonitoring: {prometheus: {port: 0}}',
    'http: {port: 9090, host: 127.0.0.1}\nops: {host: 127.0.0.2}',
    'kafka: {ssl: {enabled: true}, sasl: {mechanism: scram-sha-512, username: u, password: p}}',
  ])('%s', (yaml) => {
    expect(told(yaml)).toEqual([]);
  });
});

describe('what is strange but possible is a warning', () => {
  test.each<readonly [yaml: string, warning: string]>([
    [group('session_timeout: 15s'), 'shorter than the session timeout of 15s'],
    ['kafka: {sasl: {mechanism: plain, username: u, password: p}}', 'the password crosses the network readable'],
    ['kafka: {ssl: {enabled: true, reject_unauthorized: false}}', 'whoever stands in between'],
  ])('%s', (yaml, warning) => {
    const { warnings } = resolved(yaml);
    expect(warnings).toEqual([expect.stringContaining(warning)]);
  });
});

describe('what follows from other keys', () => {
  test('TLS and a login are on when they are asked for', () => {
    const { kafka } = resolved(
      'kafka: {ssl: {enabled: true}, sasl: {mechanism: PLAIN, username: u, password: p}}',
    ).config;
    expect(kafka.ssl).toEqual({ ca: null, cert: null, key: null, rejectUnauthorized: true });
    expect(kafka.sasl).toEqual({ mechanism: 'plain', username: 'u', password: 'p' });
  });
});
