import { beforeAll, describe, expect, it } from 'vitest';
import type { AlertTopic } from '../../src/ports.js';
import { ensureTopic, partitionsOf } from '../../src/sources/kafka/admin.js';
import { kafkaAlertTopic } from '../../src/sources/kafka/writing/alert-topic.js';
import { alertAt, clearedAt } from '../conformance/store-fixtures.js';
import { freshName, kafkaConfig, readTopic, type Seen, until } from './kafka-fixtures.js';

describe('the topic of alerts on a real broker', () => {
  let topic: string;
  let sink: AlertTopic;
  let seen: readonly Seen[] = [];

  beforeAll(async () => {
    topic = freshName('device-data');
    const config = kafkaConfig(topic);
    await ensureTopic(config, topic, 3);
    sink = kafkaAlertTopic({ config, topic: `${topic}.alerts` });
    await sink.open();
    const reading = await readTopic(config, `${topic}.alerts`);
    seen = reading.seen;
    return async () => {
      await reading.close();
      await sink.close();
    };
  });

  it('is made with as many partitions as the source has', async () => {
    expect(await partitionsOf(kafkaConfig(topic), `${topic}.alerts`)).toBe(3);
  });

  it('holds every transition in order, keyed by the id of its alert', async () => {
    const many = Array.from({ length: 450 }, (_, i) => alertAt(100 + i));
    await sink.write({ topic, partition: 1 }, [alertAt(1), clearedAt(1, 9), ...many]);
    await until('the transitions arrive', () => seen.length >= 452);
    expect(new Set(seen.map(({ partition }) => partition))).toEqual(new Set([1]));
    const alerts = seen.map(({ record }) => JSON.parse(record.text()) as unknown);
    expect(alerts).toEqual([alertAt(1), clearedAt(1, 9), ...many]);
    expect(seen.map(({ record }) => record.key?.toString())).toEqual(
      [alertAt(1), alertAt(1), ...many].map(({ id }) => id),
    );
    const [first, second] = seen;
    expect([first, second].map((one) => String(one?.record.headers['weir.alert.version']))).toEqual(['1', '2']);
    expect(second?.record.timestampMs).toBe(clearedAt(1, 9).clearedAtMs);
  });

  it('says which topic is not to be written, and what names it', async () => {
    const closed = kafkaAlertTopic({ config: kafkaConfig(topic), topic: 'never-opened' });
    await expect(closed.write({ topic, partition: 0 }, [alertAt(1)])).rejects.toThrow('never-opened');
  });
});
