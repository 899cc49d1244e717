import type { Config } from '../config.js';
import { bool, duration, integer, neverTrue, optional, size, word } from '../leaf.js';
import { pem } from './pem.js';
import { key, section } from '../section.js';
import { anyText, endpoint, name, texts, topic } from './text-forms.js';

const second = 1_000;
const hour = 3_600_000;
const kib = 1_024;
const gib = 1_073_741_824;

export const sessionRange = { min: second, max: hour };
export const heartbeatRange = { min: 100, max: hour };

/** Why results can count once: nothing else may move the position. */
export const noAutoCommit =
  'offsets live with the results: a record counts as done only when what it changed is stored, in the same step. Take this line out, or say false';

const consumer = ({ kafka }: Config) =>
  section({
    group_id: key(
      name,
      kafka.groupId,
      'Consumer group. Its results are its own: another group reads everything again.',
    ),
    topics: key(texts('a list of topics', topic), kafka.topics, 'Topics to read.'),
    auto_offset_reset: key(
      word('earliest', 'latest'),
      kafka.autoOffsetReset,
      'Where a partition begins of which nothing was ever settled.',
    ),
    session_timeout: key(
      duration(sessionRange),
      kafka.sessionTimeoutMs,
      'A member that is silent for so long has lost its partitions.',
    ),
    heartbeat_interval: key(
      duration(heartbeatRange),
      kafka.heartbeatIntervalMs,
      'How often a member says that it is alive.',
    ),
    rebalance_timeout: key(
      duration(sessionRange),
      kafka.rebalanceTimeoutMs,
      'How long a member may take to join again when partitions are handed out anew.',
    ),
    max_poll_records: key(
      integer({ min: 1, max: 1_000_000 }),
      kafka.maxPollRecords,
      'Most records handed out of one partition before the others have their turn.',
    ),
    enable_auto_commit: key(neverTrue(noAutoCommit), false, 'Only false: offsets live with the results.'),
  });

const ssl = section({
  enabled: key(bool, false, 'Speak TLS with the brokers.'),
  ca: key(optional(pem), null, {
    description: 'Who may sign the brokers: PEM, or the path of a PEM file.',
    unset: 'the authorities that Node knows',
  }),
  cert: key(optional(pem), null, {
    description: 'Our own certificate: PEM, or the path of a PEM file.',
    unset: 'none',
  }),
  key: key(optional(pem), null, {
    description: 'The key of our own certificate: PEM, or the path of a PEM file.',
    isSecret: true,
    unset: 'none',
  }),
  reject_unauthorized: key(bool, true, 'Refuse brokers whose certificate does not hold. False only for trials.'),
});

const sasl = section({
  mechanism: key(optional(word('plain', 'scram-sha-256', 'scram-sha-512')), null, {
    description: 'How to log in.',
    unset: 'without',
  }),
  username: key(optional(anyText), null, { description: 'Who logs in.', unset: 'nobody' }),
  password: key(optional(anyText), null, { description: 'With which password.', isSecret: true, unset: 'none' }),
});

export const kafkaKeys = (defaults: Config) =>
  section({
    brokers: key(texts('a list of host:port', endpoint), defaults.kafka.brokers, {
      description: 'Some brokers of the cluster; the others are learned from them.',
      env: 'KAFKA_BROKERS',
    }),
    client_id: key(name, defaults.kafka.clientId, 'What this process calls itself in the logs of the brokers.'),
    dead_letter_suffix: key(
      topic,
      defaults.kafka.deadLetterSuffix,
      'Rejected records of a topic go to the topic of this name: `<topic><suffix>`.',
    ),
    ssl,
    sasl,
    consumer: consumer(defaults),
  });

export const bufferKeys = ({ kafka }: Config) =>
  section({
    per_partition: key(
      size({ min: 64 * kib, max: gib }),
      kafka.maxPartitionBytes,
      'Most bytes fetched and not yet settled, of one partition; beyond it the partition pauses.',
    ),
    total: key(size({ min: 64 * kib, max: 64 * gib }), kafka.maxTotalBytes, 'The same, of all partitions together.'),
    fetch: key(size({ min: 4 * kib, max: gib }), kafka.fetchBytes, 'Most bytes of one partition in one fetch.'),
    max_batch: key(
      size({ min: 64 * kib, max: gib }),
      kafka.maxBatchBytes,
      'Most bytes that one compressed batch may expand to; a larger one halts its partition, with an alarm.',
    ),
  });
