import { afterEach, describe, expect, it } from 'vitest';
import type { ServiceEvent } from '../../src/events.js';
import type { StateStore } from '../../src/ports.js';
import { closeClient, createClient } from '../../src/sinks/redis/client.js';
import { redisStore } from '../../src/sinks/redis/store.js';
import { asOffset } from '../../streams/model/units.js';
import { alertAt, baseMs, checkpoint, closedWindow, source } from '../conformance/store-fixtures.js';
import { LossyProxy } from './redis-proxy.js';
import { redisConfig, RedisServer, until } from './redis-servers.js';

const patience = { connectMs: 1_000, replyMs: 300, openMs: 5_000, acquireMs: 20_000 };
const prefix = '{device-data:0}:lost';
const persistent = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const started = async (options: readonly string[] = persistent): Promise<RedisServer> => {
  const server = await RedisServer.start(options);
  closing.push(() => server.close());
  return server;
};

const opened = async (endpoint: string, events: ServiceEvent[] = []): Promise<StateStore> => {
  const store = redisStore({
    config: redisConfig([endpoint], { poolSize: 1 }),
    group: 'lost',
    report: (event) => void events.push(event),
    patience,
  });
  closing.push(() => store.close());
  await store.open();
  return store;
};

const isCommit = (request: Buffer): boolean => request.includes('{"tally"');

describe('a reply that is lost', () => {
  it.each(['cut', 'swallow'] as const)('leaves the commit applied once, and known to be (%s)', async (mode) => {
    const server = await started();
    const proxy = await LossyProxy.before(server.port);
    closing.push(() => proxy.close());
    const store = await opened(proxy.endpoint);
    const owner = await store.acquire(source, null);
    await store.commit(checkpoint(owner, 10));
    proxy.isMeant = isCommit;
    proxy.mode = mode;
    const windows = [closedWindow(baseMs, [1])];
    const committing = store.commit(
      checkpoint(owner, 20, { expected: 10, devices: { d1: 'true' }, windows, alerts: [alertAt(1)] }),
    );
    await until('two replies are lost', () => proxy.lost >= 2);
    await expect(server.call('HGET', `${prefix}:meta`, 'next')).resolves.toBe('20');
    proxy.mode = 'pass';
    await expect(committing).resolves.toEqual({ _tag: 'applied' });
    await expect(server.call('ZCARD', `${prefix}:windows:minute:temperature:d1`)).resolves.toBe(1);
    await expect(store.commit(checkpoint(owner, 30, { expected: 20 }))).resolves.toEqual({ _tag: 'applied' });
  });

  it('does not hide that somebody else has taken over meanwhile', async () => {
    const server = await started();
    const proxy = await LossyProxy.before(server.port);
    closing.push(() => proxy.close());
    const [store, other] = [await opened(proxy.endpoint), await opened(server.endpoint)];
    const owner = await store.acquire(source, null);
    await store.commit(checkpoint(owner, 10));
    proxy.isMeant = isCommit;
    proxy.mode = 'cut';
    const committing = store.commit(checkpoint(owner, 20, { expected: 10, devices: { d1: 'true' } }));
    await until('a reply is lost', () => proxy.lost >= 1);
    await expect(other.acquire(source, null)).resolves.toMatchObject({ next: 20 });
    proxy.mode = 'pass';
    await expect(committing).resolves.toEqual({ _tag: 'fenced' });
  });

  it('makes acquiring start again, until all of it is known', async () => {
    const server = await started();
    const proxy = await LossyProxy.before(server.port);
    closing.push(() => proxy.close());
    const [store, other] = [await opened(proxy.endpoint), await opened(server.endpoint)];
    const devices = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`d${i}`, `{"i":${i}}`]));
    await other.commit(checkpoint(await other.acquire(source, null), 10, { devices }));
    proxy.isMeant = (request) => request.includes('hscan');
    proxy.mode = 'cut';
    const acquiring = store.acquire(source, null);
    await until('replies are lost', () => proxy.lost >= 2);
    proxy.mode = 'pass';
    const { epoch, next, state } = await acquiring;
    expect(next).toBe(10);
    expect(Object.fromEntries(state?.devices ?? [])).toEqual(devices);
    await expect(store.commit(checkpoint({ epoch, next }, 20))).resolves.toEqual({ _tag: 'applied' });
  });

  it('is not waited for when the store is closed', async () => {
    const server = await started();
    const proxy = await LossyProxy.before(server.port);
    closing.push(() => proxy.close());
    const store = await opened(proxy.endpoint);
    const owner = await store.acquire(source, null);
    proxy.isMeant = isCommit;
    proxy.mode = 'swallow';
    const committing = store.commit(checkpoint(owner, 10));
    committing.catch(() => undefined);
    await until('a reply is lost', () => proxy.lost >= 1);
    await store.close();
    await expect(committing).rejects.toMatchObject({ code: 'redis_unreachable' });
  });
});

describe('a server that goes away', () => {
  it('is waited for by a commit: killed and restarted in the middle', async () => {
    const server = await started();
    const events: ServiceEvent[] = [];
    const store = await opened(server.endpoint, events);
    const owner = await store.acquire(source, null);
    await store.commit(checkpoint(owner, 10, { devices: { d1: '1' } }));
    await server.kill();
    const committing = store.commit(checkpoint(owner, 20, { expected: 10, devices: { d2: '2' } }));
    await until('the loss is told', () => events.some(({ _tag }) => _tag === 'store_disconnected'));
    await expect(store.health()).resolves.toMatchObject({ isReady: false });
    await server.run();
    await expect(committing).resolves.toEqual({ _tag: 'applied' });
    await expect(server.call('HGETALL', `${prefix}:devices`)).resolves.toEqual(['d1', '1', 'd2', '2']);
    await until('it is told', () => events.some(({ _tag }) => _tag === 'store_connected'));
    await expect(store.health()).resolves.toMatchObject({ isReady: true });
  });

  it('is waited for by an acquisition', async () => {
    const server = await started();
    const store = await opened(server.endpoint);
    const owner = await store.acquire(source, null);
    await store.commit(checkpoint(owner, 10, { devices: { d1: '1' } }));
    await server.kill();
    const acquiring = store.acquire(source, { epoch: owner.epoch, next: asOffset(10) });
    await server.run();
    await expect(acquiring).resolves.toMatchObject({ next: 10, state: null });
  });

  it('is found hanging, and left', async () => {
    const server = await started();
    const events: ServiceEvent[] = [];
    const store = await opened(server.endpoint, events);
    const owner = await store.acquire(source, null);
    server.freeze();
    const committing = store.commit(checkpoint(owner, 10));
    await until('it is left', () => events.some(({ _tag }) => _tag === 'store_disconnected'));
    server.thaw();
    await expect(committing).resolves.toEqual({ _tag: 'applied' });
  });

  it('and comes back without what it held is noticed', async () => {
    const server = await started(['--save', '', '--appendonly', 'no']);
    const store = await opened(server.endpoint);
    const owner = await store.acquire(source, null);
    await store.commit(checkpoint(owner, 10, { devices: { d1: '1' } }));
    await server.kill();
    await server.run();
    await expect(store.commit(checkpoint(owner, 20, { expected: 10 }))).resolves.toEqual({
      _tag: 'rolled_back',
      found: null,
    });
    const again = await store.acquire(source, { epoch: owner.epoch, next: asOffset(10) });
    expect(again).toMatchObject({ next: null, state: { partition: null } });
    expect(again.epoch).toBeGreaterThan(owner.epoch);
  });
});

describe('a connection that is given up while it is being made', () => {
  it('is made anew, until it is closed for good', async () => {
    const server = await started();
    const client = createClient(redisConfig([server.endpoint]), 'weir-test');
    const statuses: string[] = [];
    for (const status of ['end', 'ready']) client.on(status, () => statuses.push(status));
    const connecting = client.connect();
    // What ioredis does to itself when a Sentinel tells of a failover at that moment.
    (client as unknown as { readonly connector: { disconnect(): void } }).connector.disconnect();
    await expect(connecting).rejects.toThrow();
    await until('it is there', () => client.status === 'ready');
    expect(statuses).toEqual(['end', 'ready']);
    closeClient(client);
    await until('it is closed', () => client.status === 'end');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(statuses).toEqual(['end', 'ready', 'end']);
  });
});
