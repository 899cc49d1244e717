import type { Admin, Producer, Transaction } from 'kafkajs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureTopic } from '../../src/sources/kafka/admin.js';
import { createClient, loadKafka } from '../../src/sources/kafka/client.js';
import { openSender, type OutgoingRecord } from '../../src/sources/kafka/writing/sender.js';
import { freshName, kafkaConfig, reader, until, type Reader, type ReaderOptions } from './kafka-fixtures.js';
import { FakeStore } from './kafka-store.js';

/** Logs that hold more, or less, than what a consumer sees. */
describe.concurrent('hidden and missing records on a real broker', () => {
  let admin: Admin;
  const opened: Reader[] = [];
  const producers: Producer[] = [];
  const open = async (options: ReaderOptions): Promise<Reader> => {
    const made = reader(options);
    opened.push(made);
    await made.source.start();
    return made;
  };
  const transactional = async (): Promise<Producer> => {
    const producer = createClient(await loadKafka(), kafkaConfig('none')).producer({
      transactionalId: freshName('tx'),
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    producers.push(producer);
    return producer;
  };
  const write = async (to: Transaction, topic: string, ...values: readonly (string | readonly [Buffer, string])[]) => {
    for (const one of values) {
      const [key, value] = typeof one === 'string' ? [null, one] : one;
      await to.send({ topic, messages: [{ key, value, partition: 0 }] });
    }
  };

  beforeAll(async () => {
    admin = createClient(await loadKafka(), kafkaConfig('none')).admin();
    await admin.connect();
    return async () => {
      await Promise.all(opened.map(({ source }) => source.close()));
      await Promise.all([...producers, admin].map((one) => one.disconnect()));
    };
  });

  it('hides aborted records, also behind a key of four zero bytes, and moves past all that is hidden', async () => {
    const topic = freshName('transactions');
    const config = kafkaConfig(topic);
    await ensureTopic(config, topic, 1);
    const producer = await transactional();
    const zeroKey = Buffer.alloc(4);
    const committed = await producer.transaction();
    await write(committed, topic, 'c1', 'c2');
    await committed.commit();
    for (const values of [
      ['x1', 'x2'],
      ['y1', [zeroKey, 'y2'] as const, 'y3'],
    ]) {
      const aborted = await producer.transaction();
      await write(aborted, topic, ...values);
      await aborted.abort();
    }
    const last = await producer.transaction();
    await write(last, topic, [zeroKey, 'c3']);
    await last.commit();
    const nothing = await producer.transaction();
    await write(nothing, topic, 'z1');
    await nothing.abort();
    const store = new FakeStore();
    const made = await open({ config, store });
    const end = 2 + 1 + 2 + 1 + 3 + 1 + 1 + 1 + 1 + 1;
    await until('the position reaches the end of the log', () => store.of({ topic, partition: 0 }).next === end);
    expect(store.values).toEqual(['c1', 'c2', 'c3']);
    expect(made.errors).toEqual([]);
  });

  it('waits at an open transaction, and goes on when it ends', async () => {
    const topic = freshName('open');
    const config = kafkaConfig(topic);
    await ensureTopic(config, topic, 1);
    const sender = await openSender(config);
    const plain = (value: string): Promise<unknown> => sender.send(topic, 0, [{ key: null, value }]);
    await plain('before');
    const transaction = await (await transactional()).transaction();
    await write(transaction, topic, 't1', 't2');
    await plain('behind');
    await sender.close();
    const store = new FakeStore();
    const made = await open({ config, store });
    const seen = (): unknown => made.source.status().partitions[0];
    await until('it knows the end of the log', () => made.source.status().partitions[0]?.highWatermark === 4);
    await until('it reads what lies before', () => store.count === 1);
    expect(seen()).toMatchObject({ phase: 'reading', next: 1, highWatermark: 4 });
    await transaction.commit();
    await until('it reads the rest', () => store.of({ topic, partition: 0 }).next === 5);
    expect(store.values).toEqual(['before', 't1', 't2', 'behind']);
  });

  it('moves past a batch of which compaction left nothing, also when a fetch holds only that', async () => {
    const topic = freshName('compacted');
    const config = kafkaConfig(topic, { fetchBytes: 64 });
    const configEntries = Object.entries({
      'cleanup.policy': 'compact',
      'segment.ms': '100',
      'min.cleanable.dirty.ratio': '0.001',
      'min.compaction.lag.ms': '0',
    }).map(([name, value]) => ({ name, value }));
    await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1, configEntries }] });
    const numbered = (stem: string): OutgoingRecord[] =>
      Array.from({ length: 5 }, (_, i) => ({ key: `k${i}`, value: `${stem}${i}` }));
    // Each one's last batch stays as a header when its records are superseded: it remembers the producer's sequence.
    for (const stem of ['old', 'new', 'newer']) {
      const sender = await openSender(config);
      await sender.send(topic, 0, numbered(stem));
      await sender.close();
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    const cleaned = async (): Promise<boolean> => {
      const store = new FakeStore();
      const made = await open({ config: { ...config, groupId: freshName('look') }, store });
      await until('all is read', () => store.of({ topic, partition: 0 }).next === 15);
      await made.source.close();
      expect(store.values.slice(-5)).toEqual(numbered('newer').map(({ value }) => value));
      return !store.values.includes('old0');
    };
    const deadline = performance.now() + 60_000;
    while (!(await cleaned())) if (performance.now() > deadline) throw new Error('the log was not compacted');
  });

  it('reads a batch of more records than a call can have arguments', async () => {
    const topic = freshName('crowd');
    const config = kafkaConfig(topic);
    await ensureTopic(config, topic, 1);
    const sender = await openSender(config);
    const crowd = Array.from({ length: 150_000 }, (_, i) => ({ key: null, value: String(i), timestampMs: 1_000_000 }));
    await sender.send(topic, 0, crowd, { compression: 'zstd' });
    await sender.close();
    const store = new FakeStore();
    await open({ config, store, batchSize: 5_000 });
    await until('all is settled', () => store.count === crowd.length);
    expect(store.wrongOf(crowd.length)).toEqual({ missing: 0, doubled: 0 });
    expect(store.isInOrder).toBe(true);
  });
});
