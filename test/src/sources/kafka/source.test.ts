import type { Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServiceEvent } from '../../../../src/events.js';
import type { Partition } from '../../../../src/ports.js';
import { FetchedBatch } from '../../../../src/sources/kafka/wire/fetched-batch.js';
import { KafkaSource } from '../../../../src/sources/kafka/source.js';
import { asOffset } from '../../../../streams/model/units.js';
import { plainBatch } from './wire/batches.js';
import { config, FakeMember, partitionsOf, topic } from './group/fake-member.js';

class Rig {
  readonly events: ServiceEvent[] = [];
  readonly partitions: Partition[] = [];
  readonly texts: string[] = [];
  member: FakeMember | null = null;
  error: unknown = null;
  isComplete = false;
  readonly source = new KafkaSource(
    { config, batchSize: 2, report: (event) => void this.events.push(event) },
    {
      requireTopics: () => Promise.resolve(),
      createMember: (_config, listener) => Promise.resolve((this.member = new FakeMember(listener))),
      nowMs: () => performance.now(),
    },
  );

  async start(): Promise<FakeMember> {
    this.source.partitions$.subscribe({
      next: (partition) => void this.partitions.push(partition),
      error: (error: unknown) => (this.error = error),
      complete: () => (this.isComplete = true),
    });
    await this.source.start();
    if (this.member === null) throw new Error('no member was made');
    return this.member;
  }

  read(partition: Partition | undefined, from: number, isSettled = true): Subscription | undefined {
    return partition?.read(asOffset(from)).subscribe({
      next: (chunk) => {
        this.texts.push(...chunk.records.map(({ value }) => value.text()));
        if (isSettled) partition.settled(chunk.next);
      },
      error: (error: unknown) => (this.error = error),
    });
  }
}

const batchOf = (partition: number, at: number, values: readonly string[]): FetchedBatch =>
  new FetchedBatch(topic, String(at), { partition, highWatermark: '1000', messages: plainBatch(at, values) });

describe('KafkaSource', () => {
  let rig: Rig;
  let member: FakeMember;
  beforeEach(async () => {
    vi.useFakeTimers();
    rig = new Rig();
    member = await rig.start();
  });
  afterEach(async () => {
    const closing = rig.source.close();
    await vi.runAllTimersAsync();
    await closing;
    vi.useRealTimers();
  });

  it('hands out each assignment under a session of its own and ends the last one', () => {
    member.listener.joined(partitionsOf(0, 1));
    member.listener.joined(partitionsOf(1));
    expect(rig.partitions.map(({ source, session, isAssigned }) => [source.partition, session, isAssigned])).toEqual([
      [0, 1, false],
      [1, 1, false],
      [1, 2, true],
    ]);
    expect(rig.events.map((event) => event._tag)).toEqual(['group_joined', 'partition_revoked', 'group_joined']);
    expect(rig.source.status()).toMatchObject({ isReady: true, detail: 'joined: 1 partitions' });
  });

  it('drops what was fetched before a join, and reads on where it was told', async () => {
    member.listener.joined(partitionsOf(0));
    rig.read(rig.partitions[0], 5);
    await vi.advanceTimersByTimeAsync(10);
    const inFlight = member.fetched(batchOf(0, 5, ['a', 'b', 'c']));
    member.listener.joined(partitionsOf(0));
    await vi.advanceTimersByTimeAsync(10);
    expect([await inFlight, rig.texts]).toEqual([null, []]);
    // Before the new session asks for anything, what kafkajs still brings is refused.
    expect([await member.fetched(batchOf(0, 8, ['x'])), rig.texts]).toEqual([null, []]);
    rig.read(rig.partitions[1], 5);
    await vi.advanceTimersByTimeAsync(10);
    const again = member.fetched(batchOf(0, 5, ['a', 'b', 'c']));
    await vi.advanceTimersByTimeAsync(10);
    expect([await again, rig.texts]).toEqual([8, ['a', 'b', 'c']]);
    expect(member.told.filter((one) => one.startsWith('resume'))).toEqual(['resume 0 at 5', 'resume 0 at 5']);
  });

  it('answers nothing for a partition that is not its own', async () => {
    member.listener.joined(partitionsOf(0));
    expect(await member.fetched(batchOf(7, 0, ['a']))).toBeNull();
  });

  it('ends all partitions at a crash and hands them out again after the next join', () => {
    member.listener.joined(partitionsOf(0, 1));
    member.listener.crashed(new Error('coordinator gone'), true);
    expect(rig.partitions.map(({ isAssigned }) => isAssigned)).toEqual([false, false]);
    expect(rig.source.status()).toMatchObject({ isReady: false, detail: 'down: coordinator gone', partitions: [] });
    member.listener.joined(partitionsOf(0));
    expect([rig.partitions.at(-1)?.session, rig.source.status().isReady]).toEqual([2, true]);
  });

  it('errors when everything bounded has been tried', async () => {
    const refused = Object.assign(new Error('no'), { type: 'TOPIC_AUTHORIZATION_FAILED' });
    member.listener.crashed(refused, false);
    await vi.advanceTimersByTimeAsync(10);
    expect(rig.error).toMatchObject({ code: 'kafka_gave_up' });
  });

  it('tells lag tools what is settled, some seconds later, each news once', async () => {
    member.listener.joined(partitionsOf(0, 1));
    rig.read(rig.partitions[0], 5);
    await vi.advanceTimersByTimeAsync(10);
    void member.fetched(batchOf(0, 5, ['a', 'b', 'c']));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(member.committed).toEqual([]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(member.committed).toEqual([[{ topic, partition: 0, next: 8 }]]);
    member.listener.joined(partitionsOf(0, 1));
    rig.partitions[2]?.settled(asOffset(8));
    await rig.source.close();
    expect(member.committed.length).toBe(2);
  });

  it('reads nothing more once it drains, but stays in the group until it is closed', async () => {
    member.listener.joined(partitionsOf(0));
    const reading = rig.read(rig.partitions[0], 0);
    rig.source.drain();
    expect([rig.isComplete, reading?.closed, rig.partitions[0]?.isAssigned, member.told.includes('close')]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    await rig.source.close();
    expect([rig.partitions[0]?.isAssigned, member.told.at(-1)]).toEqual([false, 'close']);
  });

  it('shares one bound in bytes between its partitions', async () => {
    member.listener.joined(partitionsOf(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    for (const partition of rig.partitions) rig.read(partition, 0, false);
    await vi.advanceTimersByTimeAsync(10);
    for (const { source } of rig.partitions) {
      const large = Array.from({ length: 10 }, (_, i) => String(i).padEnd(95_000));
      void member.fetched(batchOf(source.partition, 0, large));
    }
    await vi.advanceTimersByTimeAsync(1_000);
    const held = rig.source.status().partitions.reduce((sum, { unsettledBytes }) => sum + unsettledBytes, 0);
    expect(held).toBeGreaterThan(config.maxTotalBytes - 200_000);
    expect(held).toBeLessThan(config.maxTotalBytes + 200_000);
    expect(rig.source.status().partitions.every(({ phase }) => phase === 'paused')).toBe(true);
  });
});
