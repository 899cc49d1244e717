import type { Config } from './config.js';

const kib = 1024;
const mib = 1024 * kib;
const second = 1_000;
const minute = 60 * second;
const day = 24 * 60 * minute;

/** What is true when nobody says anything: the one place where defaults live. An empty file decodes to exactly this. */
export const defaultConfig = (): Config => ({
  kafka: {
    brokers: ['127.0.0.1:9092'],
    clientId: 'weir',
    ssl: null,
    sasl: null,
    groupId: 'weir',
    topics: ['device-data'],
    // A group that was never here begins with everything there is: what is skipped at the start is never seen again.
    autoOffsetReset: 'earliest',
    // A killed member is replaced after the session timeout, and the promise is 30 s; ten heartbeats fit in before that.
    sessionTimeoutMs: 10 * second,
    heartbeatIntervalMs: second,
    // Every member must rejoin within it; a little more than a session, so that a dead one is noticed first.
    rebalanceTimeoutMs: 12 * second,
    // Sticky keeps what a member has in memory where it is.
    strategies: ['Sticky', 'RoundRobin'],
    // Ten chunks of one partition, about 50 ms of work, then the others have their turn.
    maxPollRecords: 5_000,
    // What counts is how many records share one settle. Half of it is some 30,000 flat records: thirty of each of a thousand devices.
    maxPartitionBytes: 16 * mib,
    // How much may have to be read again after a crash. It is no memory: the pipeline keeps no bytes of what it has seen.
    maxTotalBytes: 128 * mib,
    // Kafka's own default. Larger fetches cost memory and gain nothing.
    fetchBytes: mib,
    // Thirty-two times the largest batch a broker takes by default; JSON telemetry compresses less than that.
    maxBatchBytes: 32 * mib,
    deadLetterSuffix: '.dlq',
  },
  processing: {
    // One settle is one round trip to the store: sixteen keep it busy, more only queue there.
    workerPoolSize: 16,
    // Rx and bookkeeping are paid once per chunk and vanish at some hundred records; more only delays the first of them.
    batchSize: 500,
    // A thousand times a healthy settle; past it the partition no longer holds up the others.
    processingTimeoutMs: 5 * second,
    // A store that fails over is back within a minute or two; after five, starting anew is the better chance.
    maxProcessingTimeMs: 5 * minute,
    // The most that results lag under load. What is cheap to settle is settled after a quarter of it.
    commitIntervalMs: second,
    // With closing the connections, within the 30 s that an orchestrator waits before it kills.
    shutdownTimeoutMs: 20 * second,
  },
  redis: {
    mode: 'single',
    endpoints: ['127.0.0.1:6379'],
    masterName: null,
    username: null,
    password: null,
    db: 0,
    // Redis works on one thread: a few connections keep large replies from holding up small ones.
    poolSize: 4,
    tls: false,
    // Six hours of one-minute windows.
    keepWindows: 360,
    keepAlerts: 1_000,
  },
  // Both doors are shut to other machines until somebody opens them.
  http: { host: '127.0.0.1', port: 8080, framesPerSecond: 4 },
  ops: { host: '127.0.0.1', port: 9090, metricsEnabled: true, metricsPath: '/metrics' },
  log: { level: 'info' },
  rules: { path: null },
  alerts: { topic: null, webhookUrl: null, webhookAuthorization: null },
  pipeline: {
    time: { maxAheadMs: 5 * minute, maxPastMs: 7 * day },
    // A message can be counted twice only while its window is open: here, that of the built-in rules.
    dedupe: { windowMs: 90 * second },
    limits: { maxValueBytes: 64 * kib, maxDepth: 16 },
  },
});
