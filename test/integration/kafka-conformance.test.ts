import type { Admin } from 'kafkajs';
import { afterAll, beforeAll } from 'vitest';
import { ensureTopic } from '../../src/sources/kafka/admin.js';
import { createClient, loadKafka } from '../../src/sources/kafka/client.js';
import { openSender, type Sender } from '../../src/sources/kafka/writing/sender.js';
import { kafkaSource } from '../../src/sources/kafka/source.js';
import { sourceConformance } from '../conformance/source.js';
import { freshName, kafkaConfig } from './kafka-fixtures.js';

let sender: Sender;
let admin: Admin;

beforeAll(async () => {
  sender = await openSender(kafkaConfig('none'));
  admin = createClient(await loadKafka(), kafkaConfig('none')).admin();
  await admin.connect();
});
afterAll(async () => {
  await sender.close();
  await admin.disconnect();
});

sourceConformance('Kafka', async ({ partitions }) => {
  const topic = freshName('conformance');
  await ensureTopic(kafkaConfig(topic), topic, partitions);
  return {
    topic,
    produce: async (partition, records) => {
      await sender.send(
        topic,
        partition,
        records.map((record) => ({ key: null, ...record })),
      );
    },
    deleteBefore: async (partition, offset) => {
      // Loads what kafkajs has to know of the topic.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
    },
    member: ({ batchSize, report, ...bounds }) =>
      kafkaSource({ config: kafkaConfig(topic, bounds), batchSize, report }),
    // The topic stays: a producer that once wrote to a deleted one asks for it with every look at metadata, and fails.
    close: () => Promise.resolve(),
  };
});
