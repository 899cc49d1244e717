import type { Admin } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { createIfMissing } from '../../../../src/sources/kafka/admin.js';

/** A cluster that tells of a new topic only after some questions. */
const clusterOf = (existing: Readonly<Record<string, number>>, silentFor: number) => {
  const topics = new Map(Object.entries(existing));
  const made: unknown[] = [];
  let questions = 0;
  const admin: Pick<Admin, 'listTopics' | 'fetchTopicMetadata' | 'createTopics'> = {
    listTopics: () => Promise.resolve([...topics.keys()]),
    createTopics: (options) => {
      made.push(options);
      for (const { topic, numPartitions = 1 } of options.topics) topics.set(topic, numPartitions);
      return Promise.resolve(true);
    },
    fetchTopicMetadata: (options) => {
      questions++;
      const [name = ''] = options?.topics ?? [];
      if (made.length > 0 && questions <= silentFor)
        return Promise.reject(Object.assign(new Error('not here'), { type: 'UNKNOWN_TOPIC_OR_PARTITION' }));
      const partition = { partitionErrorCode: 0, leader: 1, replicas: [1], isr: [1] };
      const partitions = Array.from({ length: topics.get(name) ?? 0 }, (_, partitionId) => ({
        ...partition,
        partitionId,
      }));
      return Promise.resolve({ topics: [{ name, partitions }] });
    },
  };
  return { admin: admin as Admin, made };
};

describe('createIfMissing', () => {
  it('leaves a topic that is there as it is', async () => {
    const { admin, made } = clusterOf({ telemetry: 6 }, 0);
    expect(await createIfMissing(admin, 'telemetry', 3)).toBe(6);
    expect(made).toEqual([]);
  });

  it('makes one that is not, and waits until the brokers know it', async () => {
    const { admin, made } = clusterOf({}, 2);
    expect(await createIfMissing(admin, 'telemetry', 3)).toBe(3);
    expect(made.length).toBe(1);
  });
});
