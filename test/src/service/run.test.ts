import { fixedRules } from '../../../src/rules/active.js';
import { above } from '../../../streams/alerts/claims.js';
import { RuleError } from '../../../streams/rules/rule-error.js';
import { unknownProfile } from '../../../streams/state/latest-memory.js';
import { afterEach, describe, expect, it } from 'vitest';
import { Random } from '../../../src/simulator/random.js';
import { asOffset } from '../../../streams/model/units.js';
import type { Checkpoint, Held } from '../../../src/ports.js';
import { Gate, Rig, tags, topic, until, type Member } from './rig.js';

describe('the service', () => {
  let rig = new Rig(1);
  const opened = (partitions: number): Rig => (rig = new Rig(partitions));
  afterEach(() => rig.close());

  it('settles what is read, then pushes it, and says so once per step', async () => {
    opened(2);
    const member = await rig.join();
    for (const partition of [0, 1]) rig.append(partition, 100);
    await rig.untilRead(200);
    await until('the last step is told', () => member.steps.reduce((sum, { tally }) => sum + tally.read, 0) === 200);
    expect(await rig.totals()).toEqual({ read: 200, counted: 200, duplicate: 0, late: 0, dead: 0, skipped: 0 });
    expect(await rig.folded()).toBe(200);
    expect(new Set(member.pushed.devices.map(({ id }) => id)).size).toBe(20);
    expect(member.source.status().partitions.map(({ settled, unsettledBytes }) => [settled, unsettledBytes])).toEqual([
      [100, 0],
      [100, 0],
    ]);
  });

  it.each([1, 2, 3])(
    'counts every record once, however members come and go in the middle of chunks (seed %s)',
    async (seed) => {
      opened(4);
      const random = new Random(seed);
      const { commit } = rig.store;
      // Some commits are under way for a while: members come and go meanwhile.
      rig.store.commit = async (checkpoint: Checkpoint) => {
        for (let turns = random.whole(0, 6); turns > 0; turns -= 1) await new Promise(setImmediate);
        return commit(checkpoint);
      };
      let sent = 0;
      let members: Member[] = [await rig.join()];
      for (let round = 0; round < 40; round += 1) {
        const [leaving, ...staying] = members;
        if (members.length < 3 && random.next() < 0.5) members.push(await rig.join());
        else if (leaving !== undefined && staying.length > 0) {
          // Some leave in order, some as if they had been killed.
          if (random.next() < 0.5) leaving.source.drain();
          await leaving.source.close();
          members = staying;
        }
        for (let partition = 0; partition < 4; partition += 1) {
          const count = random.whole(0, 60);
          rig.append(partition, count);
          sent += count;
        }
        for (let turns = random.whole(0, 10); turns > 0; turns -= 1) await new Promise(setImmediate);
      }
      await rig.untilRead(sent);
      expect(await rig.totals()).toMatchObject({ read: sent, counted: sent });
      expect(await rig.folded()).toBe(sent);
    },
  );

  it('does not load again what it still knows of a partition that comes back', async () => {
    opened(2);
    const held: (Held | null)[] = [];
    const { acquire } = rig.store;
    rig.store.acquire = (source, known) => {
      held.push(known);
      return acquire(source, known);
    };
    const member = await rig.join();
    for (const partition of [0, 1]) rig.append(partition, 50);
    await rig.untilRead(100);
    const guest = await rig.join({ processing: { workerPoolSize: 1 } });
    await until('both have one', () => [member, guest].every(({ source }) => source.status().partitions.length === 1));
    rig.append(0, 10);
    await rig.untilRead(110);
    expect(held.slice(0, 2)).toEqual([null, null]);
    expect(held).toContainEqual({ epoch: 1, next: 50 });
    expect(member.events.filter(({ _tag }) => _tag === 'acquired').at(-1)).toMatchObject({ next: 50, devices: 10 });
    expect(await rig.folded()).toBe(110);
  });

  it('is fenced by another owner, forgets what it knew, and takes over again while it is assigned', async () => {
    opened(1);
    const member = await rig.join();
    rig.append(0, 40);
    await rig.untilRead(40);
    const source = { topic, partition: 0 };
    const { epoch, next } = await rig.store.acquire(source, null);
    rig.append(0, 40);
    await until('it is fenced', () => tags(member.events).includes('fenced'));
    expect([epoch, next, (await rig.totals()).read]).toEqual([2, 40, 40]);
    await rig.untilRead(80);
    expect(await rig.folded()).toBe(80);
    expect(tags(member.events).filter((tag) => tag === 'acquired')).toHaveLength(2);
  });

  it('waits for a store that refuses, tries the identical commit again, and goes on', async () => {
    opened(1);
    const tried: string[] = [];
    const { commit } = rig.store;
    rig.store.commit = (checkpoint) => {
      tried.push(JSON.stringify(checkpoint));
      return tried.length < 3 ? Promise.resolve({ _tag: 'refused', message: 'OOM' }) : commit(checkpoint);
    };
    const member = await rig.join({ maxPartitionBytes: 2_000 });
    rig.append(0, 100);
    await until('it has refused', () => tags(member.events).includes('store_refused'));
    expect(member.source.status().partitions[0]).toMatchObject({ phase: 'paused', reason: 'store_refused' });
    await rig.untilRead(100);
    expect(new Set(tried.slice(0, 3)).size).toBe(1);
    expect(await rig.folded()).toBe(100);
    const told = ['partition_paused', 'store_refused', 'store_refused', 'partition_resumed', 'store_recovered'];
    expect(tags(member.events).filter((tag) => told.includes(tag))).toEqual(told);
  });

  it('reads on after it was fenced while the store refused', async () => {
    opened(1);
    let count = 0;
    const { commit } = rig.store;
    rig.store.commit = async (checkpoint) => {
      count += 1;
      if (count === 1) return { _tag: 'refused', message: 'READONLY' };
      if (count === 2) await rig.store.acquire(checkpoint.source, null);
      return commit(checkpoint);
    };
    const member = await rig.join();
    rig.append(0, 100);
    await rig.untilRead(100);
    expect(tags(member.events)).toContain('fenced');
    expect(await rig.folded()).toBe(100);
  });

  it('stops asking a store that refuses once the partition is another one’s', async () => {
    opened(2);
    const commits: number[] = [];
    rig.store.commit = ({ source }) => {
      commits.push(source.partition);
      return Promise.resolve({ _tag: 'refused', message: 'OOM' });
    };
    const member = await rig.join();
    rig.append(1, 10);
    await until('it has refused', () => commits.length === 1);
    await rig.join();
    await until('the other one has it', () => member.source.status().partitions.length === 1);
    member.source.drain();
    await member.running;
    expect(tags(member.events).filter((tag) => tag === 'store_refused')).toHaveLength(1);
  });

  it('reads everything again when the store has lost it', async () => {
    opened(1);
    const member = await rig.join();
    rig.append(0, 60);
    await rig.untilRead(60);
    rig.memory = Rig.freshMemory();
    rig.append(0, 20);
    await rig.untilRead(80);
    expect(await rig.totals()).toMatchObject({ read: 80, counted: 80 });
    expect(await rig.folded()).toBe(80);
    expect(member.events).toContainEqual({
      _tag: 'rolled_back',
      source: { topic, partition: 0 },
      expected: 60,
      found: null,
    });
  });

  it('keeps dead letters before it commits, and ends when it can not', async () => {
    opened(1);
    const order: string[] = [];
    const { commit } = rig.store;
    rig.store.commit = (checkpoint) => {
      order.push(`commit ${checkpoint.next}`);
      return commit(checkpoint);
    };
    let isKept = true;
    const write = (): Promise<void> => {
      order.push('letters');
      return isKept ? Promise.resolve() : Promise.reject(new Error('the disk is full'));
    };
    const member = await rig.join({ parts: { deadLetters: { ...rig.letters, write } } });
    rig.append(0, 1, 'no JSON');
    await rig.untilRead(1);
    expect(order).toEqual(['letters', 'commit 1']);
    isKept = false;
    rig.append(0, 1, 'no JSON');
    await expect(member.running).rejects.toMatchObject({ name: 'ServiceError', message: 'the disk is full' });
    expect((await rig.totals()).read).toBe(1);
  });

  it('settles as many partitions at once as there are workers, and no more', async () => {
    opened(5);
    const gate = new Gate();
    const { commit } = rig.store;
    let now = 0;
    let most = 0;
    rig.store.commit = async (checkpoint) => {
      most = Math.max(most, (now += 1));
      await gate.passed;
      now -= 1;
      return commit(checkpoint);
    };
    await rig.join({ processing: { workerPoolSize: 2 } });
    for (let partition = 0; partition < 5; partition += 1) rig.append(partition, 30);
    await until('two are under way', () => now === 2);
    gate.open();
    await rig.untilRead(150);
    expect(most).toBe(2);
  });

  it('detaches a settle that is overdue: its partition waits, others get the worker', async () => {
    opened(2);
    const gate = new Gate();
    const { commit } = rig.store;
    rig.store.commit = async (checkpoint) => {
      if (checkpoint.source.partition === 0) await gate.passed;
      return commit(checkpoint);
    };
    const member = await rig.join({ processing: { workerPoolSize: 1, processingTimeoutMs: 30 } });
    rig.append(0, 30);
    await until('the worker is taken', () => member.source.status().partitions[0]?.next === 30);
    rig.append(1, 30);
    await until('the other one is settled', () => member.source.status().partitions[1]?.settled === 30);
    expect(member.events).toContainEqual({ _tag: 'settle_overdue', source: { topic, partition: 0 }, afterMs: 30 });
    expect(member.source.status().partitions[0]).toMatchObject({
      phase: 'paused',
      reason: 'settle_overdue',
      settled: null,
    });
    gate.open();
    rig.append(0, 30);
    await rig.untilRead(90);
    expect(member.source.status().partitions[0]).toMatchObject({ phase: 'reading' });
    expect(await rig.folded()).toBe(90);
  });

  it('gives up when a sink gives no answer at all', async () => {
    opened(1);
    rig.store.commit = () => new Promise(() => undefined);
    const member = await rig.join({ processing: { processingTimeoutMs: 5, maxProcessingTimeMs: 20 } });
    rig.append(0, 1);
    await expect(member.running).rejects.toMatchObject({ code: 'settle_overdue' });
  });

  it('puts all that gathered during a commit into the next one', async () => {
    opened(1);
    const gate = new Gate();
    const { commit } = rig.store;
    const committed: number[] = [];
    rig.store.commit = async (checkpoint) => {
      committed.push(checkpoint.next);
      if (committed.length === 1) await gate.passed;
      return commit(checkpoint);
    };
    const member = await rig.join();
    rig.append(0, 20);
    await until('the first is under way', () => committed.length === 1);
    for (let i = 1; i <= 10; i += 1) {
      rig.append(0, 20);
      await until('it is read', () => member.source.status().partitions[0]?.next === 20 + i * 20);
    }
    gate.open();
    await rig.untilRead(220);
    expect(committed).toEqual([20, 220]);
  });

  it('reads no further than may be unsettled while a commit is under way', async () => {
    opened(1);
    const gate = new Gate();
    const { commit } = rig.store;
    rig.store.commit = async (checkpoint) => {
      await gate.passed;
      return commit(checkpoint);
    };
    const member = await rig.join({ maxPartitionBytes: 5_000 });
    rig.append(0, 1_000);
    await until('it is full', () => member.source.status().partitions[0]?.phase === 'paused');
    expect(member.source.status().partitions[0]?.unsettledBytes).toBeLessThan(5_000 + 20 * 150);
    gate.open();
    await rig.untilRead(1_000);
  });

  it('settles everything it has read when it drains, and completes', async () => {
    opened(3);
    const member = await rig.join({ processing: { commitIntervalMs: 3_600_000 } });
    for (let partition = 0; partition < 3; partition += 1) rig.append(partition, 20);
    await until('the first chunks are settled', async () => (await rig.totals()).read === 60);
    for (let partition = 0; partition < 3; partition += 1) rig.append(partition, 45);
    await until('all is read', () => member.source.status().partitions.every(({ next }) => next === 65));
    expect((await rig.totals()).read).toBe(60);
    member.source.drain();
    await member.running;
    expect(await rig.totals()).toMatchObject({ read: 195, counted: 195 });
    expect(member.source.status().partitions.map(({ settled }) => settled)).toEqual([65, 65, 65].map(asOffset));
  });

  it('turns a record at which an operator throws into a dead letter, and goes on', async () => {
    opened(1);
    const { defaultSettings } = await import('../../../src/rules/default-settings.js');
    const settings = defaultSettings();
    const [first] = settings.rules.alerts;
    if (first === undefined) throw new Error('there are no alerts');
    const isScheduled = (): boolean => {
      throw new RuleError('broken', 'no such time');
    };
    const broken = {
      ...first,
      isScheduled,
      levels: [{ severity: 'info', ...above({ raise: -100, clear: -100 }) }],
    } as const;
    const alerts = [broken];
    const planOf = () => ({ ...settings.rules.planOf({ id: 'd', profile: unknownProfile }), alerts });
    const rules = fixedRules({ ...settings, rules: { ...settings.rules, alerts, planOf } });
    const member = await rig.join({ parts: { rules } });
    rig.append(0, 30);
    rig.append(0, 5, 'no JSON');
    await rig.untilRead(35);
    expect(await rig.totals()).toMatchObject({ counted: 0, dead: 35 });
    const rejections = rig.letters.letters().map(({ rejection }) => rejection);
    expect(rejections.filter(({ _tag }) => _tag === 'faulted')).toHaveLength(30);
    expect(rejections).toContainEqual({
      _tag: 'faulted',
      stage: 'alert',
      rule: 'broken',
      message: 'alert threw: no such time',
    });
    await until('the last step is told', () => member.steps.reduce((sum, { tally }) => sum + tally.read, 0) === 35);
    expect(member.steps.reduce((sum, { ruleFaults }) => sum + (ruleFaults.get('broken') ?? 0), 0)).toBe(30);
  });

  it('ends with what to do when stored state is not to be read', async () => {
    opened(1);
    rig.store.acquire = () =>
      Promise.resolve({ epoch: 1, next: asOffset(3), state: { partition: '{"tally":7}', devices: [] } });
    const member = await rig.join();
    await expect(member.running).rejects.toMatchObject({ code: 'state_corrupt', message: /docs\/redis\.md/ });
  });
});
