import { afterEach, describe, expect, it, vi } from 'vitest';
import { Kept, type Owned } from '../../../src/service/kept.js';
import { Rig, tags, topic } from './rig.js';

describe('what a process knew of a partition', () => {
  afterEach(() => {
    vi.useRealTimers();
  });
  const owned = { epoch: 7 } as Owned;

  it('is given to the first who asks, once', () => {
    const kept = new Kept();
    expect(kept.take()).toBeNull();
    kept.hold(owned);
    expect([kept.take(), kept.take()]).toEqual([owned, null]);
  });

  it('is let go of when the partition does not come back', () => {
    vi.useFakeTimers();
    const kept = new Kept();
    kept.hold(owned);
    vi.advanceTimersByTime(119_000);
    kept.hold(kept.take() ?? owned);
    vi.advanceTimersByTime(119_000);
    expect(kept.take()).toEqual(owned);
    kept.hold(owned);
    vi.advanceTimersByTime(121_000);
    expect(kept.take()).toBeNull();
  });
});

describe('a service that drains', () => {
  it('does not take a partition over again from the one that fenced it', async () => {
    const rig = new Rig(1);
    const { commit, acquire } = rig.store;
    let acquisitions = 0;
    rig.store.acquire = (source, held) => {
      acquisitions += 1;
      return acquire(source, held);
    };
    rig.store.commit = async (checkpoint) => {
      // The service is told to stop, and somebody else takes over, while the first settle is under way.
      member.source.drain();
      await acquire({ topic, partition: 0 }, null);
      return commit(checkpoint);
    };
    const member = await rig.join();
    rig.append(0, 30);
    await member.running;
    expect(tags(member.events)).toContain('fenced');
    expect(acquisitions).toBe(1);
    await rig.close();
  });
});
