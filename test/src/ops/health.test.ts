import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createHealth, type HealthOptions } from '../../../src/ops/health.js';
import type { Health } from '../../../src/ports.js';
import { readyHealth, sourceStatus } from '../http/fakes.js';

describe('createHealth', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const healthOf = (changed: Partial<HealthOptions> = {}) => {
    const store = { health: vi.fn(() => Promise.resolve(readyHealth)) };
    const deadLetters = { health: () => Promise.resolve(readyHealth) };
    const health = createHealth({
      source: { status: () => sourceStatus() },
      store,
      deadLetters,
      isDraining: () => false,
      ...changed,
    });
    return { health, store };
  };
  const saying = (isReady: boolean, detail: string) => ({ health: () => Promise.resolve({ isReady, detail }) });

  test('is ready when all are', async () => {
    expect(await healthOf().health.check()).toEqual({
      status: 'ready',
      dependencies: {
        source: { isReady: true, detail: 'joined: 1 partitions' },
        store: readyHealth,
        deadLetters: readyHealth,
      },
    });
  });

  test('says which is not, and why', async () => {
    const source = { status: () => ({ ...sourceStatus(), isReady: false, detail: 'joining' }) };
    expect((await healthOf({ source }).health.check()).status).toBe('not_ready');
    const { status, dependencies } = await healthOf({ deadLetters: saying(false, 'topic is missing') }).health.check();
    expect([status, dependencies.deadLetters]).toEqual(['not_ready', { isReady: false, detail: 'topic is missing' }]);
  });

  test('is not ready while draining, whatever its dependencies say', async () => {
    expect((await healthOf({ isDraining: () => true }).health.check()).status).toBe('draining');
  });

  test('takes a rejection for a reason', async () => {
    const store = { health: () => Promise.reject(new Error('ECONNREFUSED')) };
    const { dependencies } = await healthOf({ store }).health.check();
    expect(dependencies.store).toEqual({ isReady: false, detail: 'ECONNREFUSED' });
  });

  test('takes a throw for a reason', async () => {
    const store = {
      health: (): Promise<Health> => {
        throw new Error('not open');
      },
    };
    const { dependencies } = await healthOf({ store }).health.check();
    expect(dependencies.store).toEqual({ isReady: false, detail: 'not open' });
  });

  test('asks a dependency at most once a second', async () => {
    const { health, store } = healthOf();
    for (let i = 0; i < 100; i += 1) await health.check();
    expect(store.health).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(999);
    await health.check();
    expect(store.health).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    await health.check();
    expect(store.health).toHaveBeenCalledTimes(2);
  });

  test('answers in time for a dependency that hangs, asks it once, and hears it when it comes back', async () => {
    let answer: (health: Health) => void = () => undefined;
    const store = { health: vi.fn(() => new Promise<Health>((resolve) => (answer = resolve))) };
    const { health } = healthOf({ store });
    const first = health.check();
    await vi.advanceTimersByTimeAsync(800);
    expect((await first).dependencies.store).toEqual({ isReady: false, detail: 'no answer within 800 ms' });

    await vi.advanceTimersByTimeAsync(5000);
    const later = health.check();
    await vi.advanceTimersByTimeAsync(0);
    expect((await later).dependencies.store.isReady).toBe(false);
    expect(store.health).toHaveBeenCalledTimes(1);

    answer(readyHealth);
    await vi.advanceTimersByTimeAsync(0);
    expect((await health.check()).dependencies.store).toEqual(readyHealth);
    expect(store.health).toHaveBeenCalledTimes(1);
  });

  test('says at once that it is stopping, and asks nobody', async () => {
    const store = { health: vi.fn(() => new Promise<Health>(() => undefined)) };
    const { health } = healthOf({ store, isDraining: () => true });
    expect((await health.check()).status).toBe('draining');
    expect(store.health).not.toHaveBeenCalled();
  });
});
