import { readFileSync } from 'node:fs';
import { isRight } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../../src/config/defaults.js';
import { loadConfig } from '../../../src/config/load.js';
import { resolved } from './loading.js';

const example = new URL('../../../examples/seed.yaml', import.meta.url).pathname;

/** The two blocks of the specification, character for character. */
const consumerBlock = `kafka:
  brokers: ["192.168.5.16:9092"]
  consumer:
    group_id: "iot-consumer-group"
    topics: ["device-data"]
    auto_offset_reset: "earliest"
    session_timeout: "30s"
    heartbeat_interval: "3s"
    max_poll_records: 500
    enable_auto_commit: false

processing:
  worker_pool_size: 100
  batch_size: 50
  processing_timeout: "5s"
  
cache:
  redis:
    endpoints: ["redis:6379"]
    password: ""
    db: 0
    pool_size: 10

monitoring:
  prometheus:
    enabled: true
    port: 9090
    path: "/metrics"
`;
const groupBlock = `consumer_group:
  strategy: "RoundRobin"
  session_timeout: "30s"
  heartbeat_interval: "3s"
  rebalance_timeout: "60s"
  
partition_assignment:
  strategy: "sticky"
  max_processing_time: "5m"
  enable_auto_commit: false
  commit_interval: "1s"
`;

const defaults = defaultConfig();
const consumerLands = {
  kafka: {
    ...defaults.kafka,
    brokers: ['192.168.5.16:9092'],
    groupId: 'iot-consumer-group',
    topics: ['device-data'],
    autoOffsetReset: 'earliest',
    sessionTimeoutMs: 30_000,
    heartbeatIntervalMs: 3_000,
    maxPollRecords: 500,
  },
  processing: { ...defaults.processing, workerPoolSize: 100, batchSize: 50, processingTimeoutMs: 5_000 },
  redis: { ...defaults.redis, endpoints: ['redis:6379'], password: null, db: 0, poolSize: 10 },
  ops: { ...defaults.ops, metricsEnabled: true, port: 9090, metricsPath: '/metrics' },
};
const groupLands = {
  sessionTimeoutMs: 30_000,
  heartbeatIntervalMs: 3_000,
  rebalanceTimeoutMs: 60_000,
  strategies: ['Sticky', 'RoundRobin'],
};
const groupProcessing = { maxProcessingTimeMs: 300_000, commitIntervalMs: 1_000 };

describe('the configuration of the specification', () => {
  test('is shipped as it stands there', () => {
    const text = readFileSync(example, 'utf8')
      .replace(/^#.*\n/gm, '')
      .trimStart();
    expect(text).toBe(`${consumerBlock}\n${groupBlock}`);
  });

  test('lands key by key where it says, first block alone', () => {
    const { config, warnings } = resolved(consumerBlock);
    expect(config).toEqual({
      ...defaults,
      ...consumerLands,
      kafka: { ...consumerLands.kafka, rebalanceTimeoutMs: 12_000 },
    });
    // Thirty seconds of session against the twelve of our own default for a rebalance.
    expect(warnings.join()).toContain(
      'kafka.consumer.session_timeout: kafka.consumer.rebalance_timeout (not given): shorter than',
    );
  });

  test('lands key by key where it says, second block alone', () => {
    expect(resolved(groupBlock)).toMatchObject({
      config: {
        ...defaults,
        kafka: { ...defaults.kafka, ...groupLands },
        processing: { ...defaults.processing, ...groupProcessing },
      },
      warnings: [],
    });
  });

  test('lands key by key where it says, both blocks in one file', () => {
    const loaded = loadConfig({ file: example, env: {}, flags: [] });
    if (!isRight(loaded)) throw new Error('the example has faults');
    expect(loaded.right.warnings).toEqual([]);
    expect(loaded.right.config).toEqual({
      ...defaults,
      ...consumerLands,
      kafka: { ...consumerLands.kafka, ...groupLands },
      processing: { ...consumerLands.processing, ...groupProcessing },
    });
  });

  test('has no key that does nothing', () => {
    const lines = `${consumerBlock}${groupBlock}`.split('\n').filter((line) => /:\s+\S/.test(line));
    expect(lines).toHaveLength(26);
    const loaded = loadConfig({ file: example, env: {}, flags: [] });
    const origins = isRight(loaded) ? [...loaded.right.origins.values()] : [];
    // The group's rebalance timeout stands for the consumer's too: one line, two keys.
    expect(origins.filter(({ from }) => from === 'file')).toHaveLength(lines.length + 1);
  });
});
