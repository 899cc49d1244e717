import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureTopic } from '../../src/sources/kafka/admin.js';
import { GroupMember, type MemberListener } from '../../src/sources/kafka/group/member.js';
import { openSender, type Sender } from '../../src/sources/kafka/writing/sender.js';
import { Feed } from './kafka-feed.js';
import { freshName, kafkaConfig, reader, tags, until, type Reader } from './kafka-fixtures.js';
import { FakeStore } from './kafka-store.js';
import { Worker } from './kafka-workers.js';

/** The shortest that brokers allow. */
const sessionTimeoutMs = 6_000;
const isNoticed = sessionTimeoutMs + 4_000;

interface Pair {
  readonly here: Reader;
  readonly there: Worker;
  readonly feed: Feed;
  readonly store: FakeStore;
}

describe.concurrent('a member of the group in trouble', () => {
  let sender: Sender;
  const readers: Reader[] = [];
  const workers: Worker[] = [];

  beforeAll(async () => {
    sender = await openSender(kafkaConfig('none'));
    return async () => {
      await Promise.all(workers.map((worker) => worker.kill()));
      await Promise.all(readers.map(({ source }) => source.close()));
      await sender.close();
    };
  });

  /** A member here and one in a process of its own, each with half of the partitions, while records come. */
  const pair = async (topic: string): Promise<Pair> => {
    const config = kafkaConfig(topic, { sessionTimeoutMs });
    await ensureTopic(config, topic, 4);
    const store = new FakeStore();
    const there = new Worker({ config, batchSize: 10, settleMs: 2 }, store);
    workers.push(there);
    await until('the other process has joined', () => there.held === 4);
    const here = reader({ config, store, batchSize: 10, settleMs: () => 2 });
    readers.push(here);
    await here.source.start();
    const feed = new Feed(sender, store, topic, 4);
    await until('both work', () => there.held === 2 && here.partitions.length >= 2 && store.count > 500);
    return { here, there, feed, store };
  };
  const heldBy = ({ source }: Reader): number => source.status().partitions.length;
  const expectExact = async ({ feed, store }: Pick<Pair, 'feed' | 'store'>): Promise<void> => {
    const sent = await feed.stop();
    await until('all is settled', () => store.count >= sent);
    expect(store.wrongOf(sent)).toEqual({ missing: 0, doubled: 0 });
    expect(store.isInOrder).toBe(true);
  };

  it('is replaced within the session timeout when it is killed, and no record is lost or doubled', async () => {
    const { here, there, feed, store } = await pair(freshName('killed'));
    await there.kill();
    await until('the survivor has all partitions', () => heldBy(here) === 4, isNoticed);
    await expectExact({ feed, store });
    expect([here.errors, tags(here.events).filter((tag) => tag === 'data_loss')]).toEqual([[], []]);
  });

  it('is fenced when it wakes from a long stop, joins anew, and no record is lost or doubled', async () => {
    const { here, there, feed, store } = await pair(freshName('stopped'));
    there.signal('SIGSTOP');
    await until('the survivor has all partitions', () => heldBy(here) === 4, isNoticed);
    const before = store.count;
    await until('the survivor works on all of them', () => store.count > before + 2_000);
    there.signal('SIGCONT');
    await until('it has its share again', () => heldBy(here) === 2 && there.held === 2);
    await expectExact({ feed, store });
    expect(store.fenced).toBeGreaterThan(0);
  });

  it('keeps its partitions while settling takes longer than the session', async () => {
    const topic = freshName('slow');
    const config = kafkaConfig(topic, { sessionTimeoutMs, maxPartitionBytes: 400 });
    await ensureTopic(config, topic, 2);
    const store = new FakeStore();
    const settleMs = (): number => (store.count === 0 ? sessionTimeoutMs + 1_000 : 0);
    const slow = reader({ config, store, batchSize: 10, settleMs });
    readers.push(slow);
    await slow.source.start();
    const records = Array.from({ length: 200 }, (_, i) => ({ key: null, value: String(i) }));
    await sender.send(topic, 0, records);
    await until('all is settled', () => store.count === 200);
    expect(tags(slow.events)).toEqual(['group_joined']);
    expect(store.wrongOf(200)).toEqual({ missing: 0, doubled: 0 });
  });

  it('keeps nothing when it is closed while it joins', async () => {
    const topic = freshName('ghost');
    const config = kafkaConfig(topic, { sessionTimeoutMs, rebalanceTimeoutMs: sessionTimeoutMs });
    await ensureTopic(config, topic, 4);
    const store = new FakeStore();
    const deaf: MemberListener = {
      joined: () => undefined,
      crashed: () => undefined,
      fetched: () => Promise.resolve(null),
    };
    const ghosts = [0, 25, 50, 75, 100, 125, 150].map(async (afterMs) => {
      const ghost = await GroupMember.create(config, deaf, () => performance.now());
      const joining = ghost.join().catch(() => undefined);
      await wait(afterMs);
      await ghost.close(1_000);
      await joining;
    });
    await Promise.all(ghosts);
    const here = reader({ config, store });
    readers.push(here);
    await here.source.start();
    await until('all partitions are read', () => heldBy(here) === 4, 3 * sessionTimeoutMs);
  });
});
