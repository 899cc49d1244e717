import { setTimeout as wait } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureTopic } from '../../src/sources/kafka/admin.js';
import { createClient, loadKafka } from '../../src/sources/kafka/client.js';
import { openSender, type Sender } from '../../src/sources/kafka/writing/sender.js';
import { freshName, kafkaConfig, reader, tags, until, type Reader, type ReaderOptions } from './kafka-fixtures.js';
import { Feed } from './kafka-feed.js';
import { FakeStore, keyOf } from './kafka-store.js';

describe.concurrent('a group of Kafka sources on a real broker', () => {
  let sender: Sender;
  let admin: Admin;
  const opened: Reader[] = [];
  const open = async (options: ReaderOptions): Promise<Reader> => {
    const made = reader(options);
    opened.push(made);
    await made.source.start();
    return made;
  };
  const heldBy = ({ source }: Reader): readonly string[] => source.status().partitions.map((one) => keyOf(one.source));

  beforeAll(async () => {
    sender = await openSender(kafkaConfig('none'));
    admin = createClient(await loadKafka(), kafkaConfig('none')).admin();
    await admin.connect();
    return async () => {
      await Promise.all(opened.map(({ source }) => source.close()));
      await sender.close();
      await admin.disconnect();
    };
  });

  it('loses and doubles nothing while members come and go', async () => {
    const topic = freshName('members');
    const config = kafkaConfig(topic);
    await ensureTopic(config, topic, 6);
    const store = new FakeStore();
    const feed = new Feed(sender, store, topic, 6);
    const options: ReaderOptions = { config, store, batchSize: 10, settleMs: () => Math.random() * 4 };
    const steady = await open(options);
    for (let round = 0; round < 4; round++) {
      await until('records flow', () => store.count > 200 * (round + 1));
      const guest = await open(options);
      await until('both have their share', () => heldBy(steady).length === 3 && heldBy(guest).length === 3);
      expect(new Set([...heldBy(steady), ...heldBy(guest)]).size).toBe(6);
      await wait(100);
      await guest.source.close();
      await until('the other one has everything again', () => heldBy(steady).length === 6);
    }
    const sent = await feed.stop();
    await until('all is settled', () => store.count >= sent);
    expect(store.wrongOf(sent)).toEqual({ missing: 0, doubled: 0 });
    expect(store.isInOrder).toBe(true);
    expect([
      steady.errors,
      tags(steady.events).filter((tag) => tag === 'data_loss' || tag === 'partition_halted'),
    ]).toEqual([[], []]);
  });

  it('skips nothing when partitions are added while batches are in flight', async () => {
    const topic = freshName('grown');
    const config = kafkaConfig(topic, { maxPartitionBytes: 2_000, fetchBytes: 2_000 });
    await ensureTopic(config, topic, 2);
    const store = new FakeStore();
    const feed = new Feed(sender, store, topic, 2);
    const made = await open({ config, store, batchSize: 10, settleMs: () => 15 });
    for (const count of [3, 5]) {
      const joins = made.partitions.at(-1)?.session ?? 0;
      await admin.createPartitions({ topicPartitions: [{ topic, count }] });
      await until(
        'the group joins anew',
        () => (made.partitions.at(-1)?.session ?? 0) > joins && heldBy(made).length === count,
        10_000,
      );
      feed.partitions = count;
    }
    const sent = await feed.stop();
    await until('all is settled', () => store.count >= sent);
    expect(store.wrongOf(sent)).toEqual({ missing: 0, doubled: 0 });
    expect(made.errors).toEqual([]);
  });

  it('lets each member keep what it has when one joins and leaves', async () => {
    const topic = freshName('kept');
    const config = kafkaConfig(topic);
    await ensureTopic(config, topic, 9);
    const store = new FakeStore();
    const [one, two] = [await open({ config, store }), await open({ config, store })];
    await until('two share', () => heldBy(one).length + heldBy(two).length === 9 && heldBy(two).length >= 4);
    const before = [heldBy(one), heldBy(two)];
    const three = await open({ config, store });
    await until('three share', () => [one, two, three].every((member) => heldBy(member).length === 3));
    for (const [i, member] of [one, two].entries())
      expect(before[i]).toEqual(expect.arrayContaining([...heldBy(member)]));
    const kept = [heldBy(one), heldBy(two)];
    await three.source.close();
    await until('two share again', () => heldBy(one).length + heldBy(two).length === 9);
    for (const [i, member] of [one, two].entries())
      expect(heldBy(member)).toEqual(expect.arrayContaining([...(kept[i] ?? [])]));
    expect(one.partitions.every(({ session }, i, all) => i === 0 || session >= (all[i - 1]?.session ?? 0))).toBe(true);
  });

  it('takes the first strategy that all members offer, and gives up on a member that shares none', async () => {
    const topic = freshName('strategy');
    await ensureTopic(kafkaConfig(topic), topic, 2);
    const store = new FakeStore();
    await open({ config: kafkaConfig(topic, { strategies: ['Sticky', 'RoundRobin'] }), store });
    const second = await open({ config: kafkaConfig(topic, { strategies: ['RoundRobin'] }), store });
    await until('it has its share', () => heldBy(second).length === 1);
    const group = await admin.describeGroups([`group-of-${topic}`]);
    expect(group.groups[0]?.protocol).toBe('RoundRobinAssigner');
    await second.source.close();
    const stranger = reader({
      config: kafkaConfig(topic, { strategies: ['Sticky'], groupId: `group-of-${topic}` }),
      store,
    });
    opened.push(stranger);
    await open({ config: kafkaConfig(topic, { strategies: ['RoundRobin'] }), store });
    await stranger.source.start();
    await until('it gives up', () => stranger.errors.length > 0);
    expect(stranger.errors).toMatchObject([{ code: 'kafka_gave_up' }]);
    expect(stranger.source.status().isReady).toBe(false);
  });

  it('tells of a topic that is deleted, without a flood, and halts when it comes back shorter', async () => {
    const topic = freshName('deleted');
    const config = kafkaConfig(topic);
    await ensureTopic(config, topic, 1);
    // One of its own: having written to a topic that is deleted, a sender fails for a while, whatever it writes to.
    const own = await openSender(config);
    await own.send(topic, 0, [
      { key: null, value: '0' },
      { key: null, value: '1' },
    ]);
    await own.close();
    const store = new FakeStore();
    const made = await open({ config, store });
    await until('all is settled', () => store.count === 2);
    await admin.deleteTopics({ topics: [topic] });
    await until('the consumer crashes', () => tags(made.events).includes('source_crashed'));
    await wait(3_000);
    expect(tags(made.events).filter((tag) => tag === 'source_crashed').length).toBeLessThanOrEqual(2);
    await ensureTopic(config, topic, 1);
    await until('it sees that the log went back', () => tags(made.events).includes('partition_halted'));
    expect(store.count).toBe(2);
    expect(made.errors).toEqual([]);
  });
});
