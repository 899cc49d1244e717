import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServiceEvent } from '../../../../../src/events.js';
import { Membership } from '../../../../../src/sources/kafka/group/membership.js';
import type { ServiceError } from '../../../../../src/service-error.js';
import { config, FakeMember, partitionsOf } from './fake-member.js';

class Rig {
  readonly members: FakeMember[] = [];
  readonly events: ServiceEvent[] = [];
  readonly told: string[] = [];
  error: ServiceError | null = null;
  silence = 0;
  prepare: (member: FakeMember) => void = () => undefined;
  readonly membership = new Membership(
    {
      config,
      report: (event) => void this.events.push(event),
      nowMs: () => performance.now(),
      createMember: (_config, listener) => {
        const member = new FakeMember(listener);
        this.prepare(member);
        this.members.push(member);
        return Promise.resolve(member);
      },
    },
    {
      joined: (assigned) => void this.told.push(`joined ${assigned.length}`),
      lost: () => void this.told.push('lost'),
      fetched: () => Promise.resolve(null),
      silentForMs: () => this.silence,
      gaveUp: (error) => (this.error = error),
    },
  );

  get rebuilds(): readonly (number | string)[] {
    return this.events.flatMap((event) => (event._tag === 'source_rebuilt' ? [event.attempt, event.why] : []));
  }

  get newest(): FakeMember {
    const member = this.members.at(-1);
    if (member === undefined) throw new Error('no member was made');
    return member;
  }
}

describe('Membership', () => {
  let rig: Rig;
  beforeEach(async () => {
    vi.useFakeTimers();
    rig = new Rig();
    await rig.membership.start();
    rig.newest.listener.joined(partitionsOf(0, 1));
  });
  afterEach(async () => {
    const closing = rig.membership.close();
    await vi.runAllTimersAsync();
    await closing;
    vi.useRealTimers();
  });

  it('leaves a consumer alone that restarts by itself, once its partitions are given up', async () => {
    rig.newest.listener.crashed(new Error('broker away'), true);
    rig.newest.listener.joined(partitionsOf(0));
    await vi.advanceTimersByTimeAsync(200_000);
    expect(rig.told).toEqual(['joined 2', 'lost', 'joined 1']);
    expect([rig.members.length, rig.events]).toEqual([
      1,
      [{ _tag: 'source_crashed', message: 'broker away', willRestart: true }],
    ]);
  });

  it('makes another one in place of a dead one, after that has left', async () => {
    rig.newest.listener.crashed(new TypeError('x is not a function'), false);
    await vi.advanceTimersByTimeAsync(0);
    expect(rig.members.map(({ told }) => told)).toEqual([['join', 'close'], ['join']]);
    expect([rig.rebuilds, rig.membership.member]).toEqual([[1, 'x is not a function'], rig.newest]);
  });

  it('counts a consumer that breaks several times at once as one', async () => {
    for (let i = 0; i < 3; i++) rig.newest.listener.crashed(new Error('broken'), false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([rig.members.length, rig.rebuilds]).toEqual([2, [1, 'broken']]);
  });

  it('lets one that could not leave expire first: a newcomer would hold up the whole group', async () => {
    rig.newest.leaves = false;
    rig.newest.listener.crashed(new Error('stuck'), false);
    await vi.advanceTimersByTimeAsync(config.sessionTimeoutMs - 1);
    expect(rig.members.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(rig.members.length).toBe(2);
  });

  it('rebuilds one whose partitions bring nothing, and one that the group no longer hears', async () => {
    rig.silence = 60_001;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(rig.rebuilds).toEqual([1, 'nothing was heard of a partition for 60 s']);
    rig.silence = 0;
    await vi.advanceTimersByTimeAsync(1);
    rig.newest.listener.joined(partitionsOf(0));
    rig.newest.silentForMs = 61_000;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(rig.rebuilds.slice(2)).toEqual([2, 'the group has not heard from this consumer for 61 s']);
  });

  it('gives up after the last attempt, leaves, and says what to do', async () => {
    rig.prepare = (member) => (member.joinError = new Error('connect ECONNREFUSED'));
    rig.newest.listener.crashed(new Error('gone'), false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(rig.rebuilds.filter((one) => typeof one === 'number')).toEqual([1, 2, 3, 4, 5]);
    expect(rig.error).toMatchObject({ code: 'kafka_gave_up' });
    expect(rig.error?.message).toBe(
      'gave up reading telemetry: rebuilt 5 times, last: connect ECONNREFUSED; look at the brokers, then start again',
    );
    expect(rig.newest.told.at(-1)).toBe('close');
    await vi.advanceTimersByTimeAsync(600_000);
    expect(rig.members.length).toBe(6);
  });

  it('gives up at once on what no retry changes', async () => {
    const refused = Object.assign(new Error('not authorized to access group'), { type: 'GROUP_AUTHORIZATION_FAILED' });
    rig.newest.listener.crashed(refused, true);
    await vi.advanceTimersByTimeAsync(0);
    expect([rig.members.length, rig.error?.message]).toEqual([
      1,
      expect.stringContaining('grant it READ on kafka.consumer.group_id'),
    ]);
  });

  it('makes no further one once it is closed', async () => {
    rig.newest.leaves = false;
    rig.newest.listener.crashed(new Error('stuck'), false);
    const closing = rig.membership.close();
    await vi.advanceTimersByTimeAsync(60_000);
    await closing;
    expect([rig.members.length, rig.membership.member]).toEqual([1, null]);
  });

  it('tells of a flood of crashes in a few lines, with their number', async () => {
    for (let i = 0; i < 100; i++) {
      rig.newest.listener.crashed(new Error('no such topic'), true);
      await vi.advanceTimersByTimeAsync(250);
    }
    const told = rig.events.flatMap((event) => (event._tag === 'source_crashed' ? [event.message] : []));
    expect(told).toEqual([
      'no such topic',
      'no such topic (40 times since it was last told)',
      'no such topic (40 times since it was last told)',
    ]);
  });
});

describe('Membership at its start', () => {
  it('rejects with the reason and keeps nothing when the group can not be joined', async () => {
    const rig = new Rig();
    rig.prepare = (member) => (member.joinError = new Error('connect ECONNREFUSED'));
    await expect(rig.membership.start()).rejects.toMatchObject({
      code: 'kafka_unreachable',
      message: expect.stringContaining('joining the consumer group readers') as string,
    });
    expect([rig.newest.told, rig.membership.member]).toEqual([['join', 'close'], null]);
  });
});
