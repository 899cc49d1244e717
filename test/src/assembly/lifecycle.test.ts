import { EMPTY, NEVER, Subject, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { Lifecycle, type LifecycleParts } from '../../../src/assembly/lifecycle.js';
import { ServiceError } from '../../../src/service-error.js';

const refused = new ServiceError('redis_refused', 'wrong password');

/** A service whose every part says when it is called. */
const rig = (changed: Partial<LifecycleParts> = {}) => {
  const said: string[] = [];
  const says = (what: string) => (): Promise<void> => {
    said.push(what);
    return Promise.resolve();
  };
  const lifecycle = new Lifecycle({
    run$: EMPTY,
    report: (event) => void said.push('message' in event ? `${event._tag}: ${event.message}` : event._tag),
    shutdownTimeoutMs: 20,
    opening: [
      { what: 'the door', open: says('open door') },
      { what: 'the store', open: says('open store') },
    ],
    reading: { what: 'the source', open: says('read') },
    feed: says('feed'),
    drain: () => void said.push('drain'),
    closing: [says('close source'), says('close store')],
    where: () => 'here',
    ...changed,
  });
  return { lifecycle, said };
};

describe('the life of a service', () => {
  it('opens in order, reads, is fed; stops reading, settles, closes in order', async () => {
    const running$ = new Subject<never>();
    const { lifecycle, said } = rig({ run$: running$ });
    await lifecycle.start();
    const stopped = lifecycle.stop('SIGTERM');
    expect(lifecycle.isStopping).toBe(true);
    expect(said).toEqual(['open door', 'open store', 'read', 'feed', 'started', 'stopping', 'drain']);
    running$.complete();
    await stopped;
    expect(said.slice(7)).toEqual(['close source', 'close store', 'stopped']);
    await lifecycle.finished;
    await lifecycle.stop('SIGTERM');
    expect(said).toHaveLength(10);
  });

  it('closes everything when something can not be opened, and says what', async () => {
    const { lifecycle, said } = rig({ opening: [{ what: 'the store', open: () => Promise.reject(refused) }] });
    await expect(lifecycle.start()).rejects.toBe(refused);
    await expect(lifecycle.finished).rejects.toBe(refused);
    expect(said).toEqual(['fault: wrong password', 'close source', 'close store']);
  });

  it('ends with the fault of the work itself, told once', async () => {
    const { lifecycle, said } = rig({
      run$: throwError(() => refused),
      reading: { what: 'the source', open: () => new Promise(() => undefined) },
    });
    await expect(lifecycle.start()).rejects.toBe(refused);
    expect(said.filter((line) => line.startsWith('fault'))).toEqual(['fault: wrong password']);
    expect(said).not.toContain('started');
  });

  it('tells once whom it waits for, when that takes long', async () => {
    vi.useFakeTimers();
    try {
      let connect: () => void = () => undefined;
      const events: unknown[] = [];
      const { lifecycle } = rig({
        opening: [
          { what: 'the door', open: () => Promise.resolve() },
          { what: 'the store', open: () => new Promise<void>((resolve) => (connect = resolve)) },
        ],
        report: (event) => void events.push(event),
      });
      const starting = lifecycle.start();
      await vi.advanceTimersByTimeAsync(1_999);
      expect(events).toEqual([]);
      await vi.advanceTimersByTimeAsync(30_000);
      expect(events).toEqual([{ _tag: 'waiting', what: 'the store', afterMs: 2_000 }]);
      connect();
      await starting;
      expect(events.slice(1)).toEqual([{ _tag: 'started', detail: 'here' }]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends with the fault of what feeds it', async () => {
    let fail: (error: Error) => void = () => undefined;
    const feeding = new Promise<void>((_resolve, reject) => (fail = reject));
    const { lifecycle } = rig({ run$: NEVER, feed: () => feeding });
    await lifecycle.start();
    fail(new Error('out of devices'));
    await expect(lifecycle.finished).rejects.toMatchObject({ code: 'internal', message: 'out of devices' });
  });

  it('is stopped while it still connects: the start ends too, and nothing is read', async () => {
    let connect: () => void = () => undefined;
    const connecting = new Promise<void>((resolve) => (connect = resolve));
    const { lifecycle, said } = rig({ opening: [{ what: 'the store', open: () => connecting }] });
    const starting = lifecycle.start();
    await lifecycle.stop('SIGINT');
    await starting;
    await lifecycle.finished;
    connect();
    await new Promise(setImmediate);
    expect(said).toEqual(['stopping', 'drain', 'close source', 'close store', 'stopped']);
  });

  it('closes when its time is over although not everything is settled, and is not in order then', async () => {
    const { lifecycle, said } = rig({ run$: NEVER });
    await lifecycle.start();
    await lifecycle.stop('SIGTERM');
    expect(said).toContain('close store');
    expect(said.find((line) => line.startsWith('fault'))).toMatch(
      /before everything read was settled: not done within 20 ms/,
    );
    await expect(lifecycle.finished).rejects.toMatchObject({ code: 'settle_overdue' });
  });

  it('closes the rest when one thing does not close', async () => {
    const closed: string[] = [];
    const closing = [
      () => Promise.reject(new Error('stuck')),
      () => {
        closed.push('store');
        return Promise.resolve();
      },
    ];
    const { lifecycle, said } = rig({ closing });
    await lifecycle.start();
    await lifecycle.stop('SIGTERM');
    expect([closed, said.includes('fault: while closing: stuck')]).toEqual([['store'], true]);
    await lifecycle.finished;
  });
});
