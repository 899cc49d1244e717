import { beforeAll, describe, expect, it } from 'vitest';
import type { Admin } from 'kafkajs';
import { createClient, loadKafka } from '../../src/sources/kafka/client.js';
import { ensureTopic } from '../../src/sources/kafka/admin.js';
import {
  openSender,
  type Compression,
  type OutgoingRecord,
  type Sender,
} from '../../src/sources/kafka/writing/sender.js';
import { freshName, kafkaConfig, reader, tags, until, type Reader, type ReaderOptions } from './kafka-fixtures.js';
import { FakeStore } from './kafka-store.js';

const codecs: readonly Compression[] = ['none', 'gzip', 'snappy', 'snappy_framed', 'lz4', 'zstd'];
const numbered = (from: number, count: number, pad = 100): OutgoingRecord[] =>
  Array.from({ length: count }, (_, i) => ({ key: `d${i % 7}`, value: `${from + i} ${'x'.repeat((i * 7) % pad)}` }));
const valuesOf = (records: readonly OutgoingRecord[]): string[] => records.map(({ value }) => String(value));

describe.concurrent('the Kafka source on a real broker', () => {
  let sender: Sender;
  const opened: { close(): Promise<unknown> }[] = [];
  const open = async (options: ReaderOptions): Promise<Reader> => {
    const made = reader(options);
    opened.push(made.source);
    await made.source.start();
    return made;
  };
  const withAdmin = async <A>(use: (admin: Admin) => Promise<A>): Promise<A> => {
    const admin = createClient(await loadKafka(), kafkaConfig('none')).admin();
    await admin.connect();
    return use(admin).finally(() => admin.disconnect());
  };
  const deleteUpTo = (topic: string, offset: number): Promise<void> =>
    withAdmin(async (admin) => {
      // Loads what kafkajs has to know of the topic.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
    });

  beforeAll(async () => {
    sender = await openSender(kafkaConfig('none'));
    return async () => {
      await Promise.all(opened.map((one) => one.close()));
      await sender.close();
    };
  });

  it('reads what every codec wrote, in order, from its own positions, and ends in an orderly way', async () => {
    const topic = freshName('codecs');
    const config = kafkaConfig(topic);
    await ensureTopic(config, topic, 2);
    const sent: string[][] = [[], []];
    for (const [i, compression] of codecs.entries()) {
      for (const partition of [0, 1]) {
        const records = numbered(i * 1_000, 400);
        await sender.send(topic, partition, records, { compression });
        sent[partition]?.push(...valuesOf(records));
      }
    }
    const store = new FakeStore();
    const first = await open({ config, store, batchSize: 37 });
    await until('everything is settled', () => store.count === 4_800);
    expect([0, 1].map((partition) => store.of({ topic, partition }).values)).toEqual(sent);
    expect(first.source.status()).toMatchObject({ isReady: true, detail: 'joined: 2 partitions' });
    expect(first.source.status().partitions).toMatchObject([
      { phase: 'reading', next: 2_400, settled: 2_400, highWatermark: 2_400, unsettledBytes: 0 },
      { phase: 'reading', next: 2_400, settled: 2_400, highWatermark: 2_400, unsettledBytes: 0 },
    ]);
    await first.source.close();
    expect([first.isComplete(), first.errors, first.partitions.map(({ isAssigned }) => isAssigned)]).toEqual([
      true,
      [],
      [false, false],
    ]);

    const told = await withAdmin((admin) => admin.fetchOffsets({ groupId: config.groupId, topics: [topic] }));
    expect(told[0]?.partitions.map(({ offset }) => offset)).toEqual(['2400', '2400']);

    await sender.send(topic, 1, numbered(9_000, 3));
    const second = await open({ config, store });
    await until('the next owner goes on where the first one stopped', () => store.count === 4_803);
    expect(second.errors).toEqual([]);
  });

  it('counts exactly the records that were deleted before they were read', async () => {
    const topic = freshName('loss');
    const config = kafkaConfig(topic);
    await ensureTopic(config, topic, 1);
    await sender.send(topic, 0, numbered(0, 100));
    const store = new FakeStore();
    const first = await open({ config, store });
    await until('all is settled', () => store.count === 100);
    await first.source.close();
    await sender.send(topic, 0, numbered(100, 100));
    await deleteUpTo(topic, 163);
    const second = await open({ config, store });
    await until('what is left is settled', () => store.count === 137);
    expect(second.events.filter(({ _tag }) => _tag === 'data_loss')).toEqual([
      {
        _tag: 'data_loss',
        source: { topic, partition: 0 },
        from: 100,
        to: 163,
        records: 63,
        why: 'the log begins after the position',
      },
    ]);
    expect(store.values.at(100)).toMatch(/^163 /);
  });

  it('counts a loss that happens while it reads, once', async () => {
    const topic = freshName('live-loss');
    const config = kafkaConfig(topic);
    await ensureTopic(config, topic, 1);
    await sender.send(topic, 0, numbered(0, 10));
    const store = new FakeStore();
    const made = await open({ config, store });
    await until('all is settled', () => store.count === 10);
    const [partition] = made.partitions;
    partition?.pause('store_refused');
    await sender.send(topic, 0, numbered(10, 50));
    await deleteUpTo(topic, 40);
    partition?.resume();
    await until('what is left is settled', () => store.count === 30);
    expect(made.events.filter(({ _tag }) => _tag === 'data_loss')).toMatchObject([{ from: 10, to: 40, records: 30 }]);
  });

  it('halts with an alarm when the log ends before the position, and never begins anew by itself', async () => {
    const topic = freshName('back');
    const config = kafkaConfig(topic);
    await ensureTopic(config, topic, 1);
    await sender.send(topic, 0, numbered(0, 5));
    const store = new FakeStore();
    Object.assign(store.of({ topic, partition: 0 }), { next: 900 });
    const made = await open({ config, store });
    await until('it halts', () => tags(made.events).includes('partition_halted'));
    expect(made.source.status().partitions).toMatchObject([{ phase: 'halted', next: 900 }]);
    expect(store.count).toBe(0);
  });

  it('keeps what is out and not settled within its bounds, and loses nothing by it', async () => {
    const topic = freshName('bound');
    const bounds = { maxPartitionBytes: 30_000, maxTotalBytes: 50_000, fetchBytes: 100_000 };
    const config = kafkaConfig(topic, bounds);
    await ensureTopic(config, topic, 3);
    for (const partition of [0, 1, 2]) {
      for (let i = 0; i < 5; i++)
        await sender.send(topic, partition, numbered(i * 400, 400, 200), {
          compression: i % 2 === 0 ? 'zstd' : 'none',
        });
    }
    const store = new FakeStore();
    const made = await open({ config, store, batchSize: 20, settleMs: () => 1 });
    let [most, mostInAll, pauses] = [0, 0, 0];
    const look = setInterval(() => {
      const { partitions } = made.source.status();
      most = Math.max(most, ...partitions.map(({ unsettledBytes }) => unsettledBytes));
      mostInAll = Math.max(
        mostInAll,
        partitions.reduce((sum, { unsettledBytes }) => sum + unsettledBytes, 0),
      );
      pauses += partitions.filter(({ phase }) => phase === 'paused').length;
    }, 1);
    await until('everything is settled', () => store.count === 6_000);
    clearInterval(look);
    const chunkBytes = 20 * 230;
    expect(most).toBeGreaterThan(10_000);
    expect(most).toBeLessThan(bounds.maxPartitionBytes + chunkBytes);
    expect(mostInAll).toBeLessThan(bounds.maxTotalBytes + chunkBytes);
    expect(pauses).toBeGreaterThan(0);
    expect(new Set(store.of({ topic, partition: 1 }).values).size).toBe(2_000);
    expect(made.errors).toEqual([]);
  });

  it('halts only the partition that holds a batch which expands too far', async () => {
    const topic = freshName('bomb');
    const config = kafkaConfig(topic, { maxBatchBytes: 200_000 });
    await ensureTopic(config, topic, 2);
    await sender.send(topic, 0, numbered(0, 10));
    await sender.send(topic, 0, [{ key: null, value: '0'.repeat(700_000) }], { compression: 'gzip' });
    await sender.send(topic, 0, numbered(10, 10));
    const store = new FakeStore();
    const made = await open({ config, store });
    await until('it halts', () => tags(made.events).includes('partition_halted'));
    await sender.send(topic, 1, numbered(100, 20), { compression: 'gzip' });
    await until('the other partition goes on', () => store.of({ topic, partition: 1 }).values.length === 20);
    expect(store.of({ topic, partition: 0 }).values).toEqual(valuesOf(numbered(0, 10)));
    expect(made.events.filter(({ _tag }) => _tag === 'partition_halted')).toMatchObject([
      { source: { topic, partition: 0 }, offset: 10 },
    ]);
  });

  it('begins at the end when told so, and keeps that beginning when it is handed over before anything came', async () => {
    const topic = freshName('latest');
    const config = kafkaConfig(topic, { autoOffsetReset: 'latest' });
    await ensureTopic(config, topic, 1);
    await sender.send(topic, 0, numbered(0, 10));
    const store = new FakeStore();
    const first = await open({ config, store });
    await until('the beginning is settled', () => store.of({ topic, partition: 0 }).next === 10);
    await first.source.close();
    await sender.send(topic, 0, numbered(10, 5));
    await open({ config, store });
    await until('what came in between is read', () => store.count === 5);
    expect(store.values).toEqual(valuesOf(numbered(10, 5)));
  });

  it('rejects at once when the topic is missing, naming it', async () => {
    const made = reader({ config: kafkaConfig('no-such-topic'), store: new FakeStore() });
    await expect(made.source.start()).rejects.toMatchObject({
      code: 'topic_missing',
      message: expect.stringContaining('no-such-topic') as string,
    });
    await made.source.close();
  });

  it('does not say that it wrote to a partition that is not there', async () => {
    const topic = freshName('narrow');
    await ensureTopic(kafkaConfig(topic), topic, 1);
    await sender.send(topic, 0, numbered(0, 1));
    await expect(sender.send(topic, 5, numbered(1, 1))).rejects.toMatchObject({ code: 'kafka_refused' });
    expect(await sender.send(topic, 0, numbered(2, 1))).toBe(1);
  });
});
