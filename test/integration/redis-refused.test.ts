import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertDesk, type Deed } from '../../src/care/desk.js';
import type { ServiceEvent } from '../../src/events.js';
import type { StateStore } from '../../src/ports.js';
import { redisCareStore } from '../../src/sinks/redis/care-store.js';
import { redisReader } from '../../src/sinks/redis/reader.js';
import { redisRuleLog } from '../../src/sinks/redis/rule-log.js';
import { redisStore } from '../../src/sinks/redis/store.js';
import {
  alertAt,
  baseMs,
  checkpoint,
  closedWindow,
  seenWindow,
  settings,
  source,
} from '../conformance/store-fixtures.js';
import { redisConfig, RedisServer, until } from './redis-servers.js';

const patience = { connectMs: 1_000, replyMs: 2_000, openMs: 3_000, acquireMs: 3_000 };
const prefix = '{device-data:0}:refused';

describe('a server that refuses to write', () => {
  let server: RedisServer;
  let store: StateStore;
  const events: ServiceEvent[] = [];
  const connections: StateStore[] = [];

  const storeWith = (more: Parameters<typeof redisConfig>[1] = {}): StateStore => {
    const made = redisStore({
      config: redisConfig([server.endpoint], more),
      group: 'refused',
      report: (event) => void events.push(event),
      patience,
    });
    connections.push(made);
    return made;
  };

  beforeEach(async () => {
    events.length = 0;
    server = await RedisServer.start(['--appendonly', 'yes', '--save', '']);
    store = storeWith();
    await store.open();
  });
  afterEach(async () => {
    await Promise.all(connections.splice(0).map((made) => made.close()));
    await server.close();
  });

  const everything = async (): Promise<unknown> => {
    const keys = ((await server.call('KEYS', '*')) as string[]).sort();
    return Promise.all(keys.map(async (key) => [key, await server.call('DUMP', key)]));
  };

  const refusals: readonly (readonly [word: string, on: readonly string[], off: readonly string[], advice: RegExp])[] =
    [
      ['OOM', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0'], /raise it/],
      ['READONLY', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE'], /replica/],
      [
        'NOREPLICAS',
        ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
        ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
        /bring them back/,
      ],
    ];

  it.each(refusals)('%s: nothing is applied, and the identical commit works later', async (word, on, off, advice) => {
    const owner = await store.acquire(source, null);
    await store.commit(checkpoint(owner, 10, { devices: { d1: '1' } }));
    const before = await everything();
    await server.call(on[0] ?? '', ...on.slice(1));
    const next = checkpoint(owner, 20, {
      expected: 10,
      devices: { d1: '2', d2: '2' },
      windows: [closedWindow(baseMs, [1])],
      alerts: [alertAt(1)],
    });
    const refused = await store.commit(next);
    expect(refused).toMatchObject({ _tag: 'refused' });
    const message = refused._tag === 'refused' ? refused.message : '';
    expect(message).toContain(word);
    expect(message).toMatch(advice);
    await expect(everything()).resolves.toEqual(before);
    await expect(store.health()).resolves.toEqual({ isReady: false, detail: `device-data:0: ${message}` });
    await server.call(off[0] ?? '', ...off.slice(1));
    await expect(store.commit(next)).resolves.toEqual({ _tag: 'applied' });
    await expect(server.call('HGET', `${prefix}:meta`, 'next')).resolves.toBe('20');
    await expect(store.health()).resolves.toMatchObject({ isReady: true });
  });

  it('is told of while acquiring, and waited for', async () => {
    await server.call('CONFIG', 'SET', 'maxmemory', '1');
    const acquiring = store.acquire(source, null);
    await until('it is told', () => events.some(({ _tag }) => _tag === 'store_refused'));
    await server.call('CONFIG', 'SET', 'maxmemory', '0');
    await expect(acquiring).resolves.toMatchObject({ next: null });
  });

  it('is given up while acquiring when it does not change its mind', async () => {
    await server.call('CONFIG', 'SET', 'maxmemory', '1');
    await expect(store.acquire(source, null)).rejects.toMatchObject({
      code: 'redis_refused',
      message: expect.stringContaining('OOM') as string,
    });
  });

  it('for want of a permission is told at once, with what to do', async () => {
    await server.call('ACL', 'SETUSER', 'weak', 'on', '>secret', '~*', '+@all', '-evalsha', '-eval', '-sadd');
    const weak = storeWith({ username: 'weak', password: 'secret' });
    await expect(weak.open()).rejects.toMatchObject({
      code: 'redis_refused',
      message: expect.stringContaining('permission') as string,
    });
    await server.call('ACL', 'SETUSER', 'weak', '+evalsha', '+eval');
    await weak.open();
    await expect(weak.acquire(source, null)).rejects.toMatchObject({
      code: 'redis_refused',
      message: expect.stringMatching(/NOPERM.*sadd/) as string,
    });
    await server.call('ACL', 'SETUSER', 'weak', '+sadd', '-hset');
    await expect(weak.acquire(source, null)).rejects.toMatchObject({
      code: 'redis_refused',
      message: expect.stringMatching(/permission/) as string,
    });
  });

  it.each(['hset', 'hdel', 'zadd', 'zrem', 'zcount', 'zrange', 'zremrangebyrank'])(
    'for want of a permission in the middle (%s) has written nothing before it',
    async (command) => {
      await server.call('ACL', 'SETUSER', 'weak', 'on', '>secret', '~*', '+@all');
      const weak = storeWith({ username: 'weak', password: 'secret' });
      await weak.open();
      const owner = await weak.acquire(source, null);
      await weak.commit(checkpoint(owner, 10, { devices: { d1: '1' } }));
      const before = await everything();
      await server.call('ACL', 'SETUSER', 'weak', `-${command}`);
      const windows = [closedWindow(baseMs, [1])];
      const next = checkpoint(owner, 20, {
        expected: 10,
        devices: { d1: '2', d2: '2' },
        windows,
        alerts: [alertAt(1)],
      });
      await expect(weak.commit(next)).resolves.toMatchObject({ _tag: 'refused' });
      await expect(everything()).resolves.toEqual(before);
      await server.call('ACL', 'SETUSER', 'weak', `+${command}`);
      await expect(weak.commit(next)).resolves.toEqual({ _tag: 'applied' });
    },
  );

  it('works with exactly the permissions that the documentation lists', async () => {
    const { documentedAcl } = await import('./redis-documented.js');
    await server.call('ACL', 'SETUSER', 'weir', ...(await documentedAcl('refused', 'secret')));
    const config = redisConfig([server.endpoint], { username: 'weir', password: 'secret' });
    const allowed = storeWith({ username: 'weir', password: 'secret' });
    await allowed.open();
    expect(events.filter(({ _tag }) => _tag === 'store_warning')).toEqual([]);
    const owner = await allowed.acquire(source, null);
    const written = checkpoint(owner, 10, {
      devices: { d1: '{}' },
      windows: [closedWindow(baseMs, [1])],
      alerts: [alertAt(1)],
    });
    await expect(allowed.commit(written)).resolves.toEqual({ _tag: 'applied' });
    const reader = redisReader({ config, group: 'refused', settings });
    await expect(reader.windows('d1', { limit: 10 })).resolves.toEqual([seenWindow(closedWindow(baseMs, [1]))]);
    const careStore = redisCareStore({ config, group: 'refused' });
    const deed: Deed = { action: 'acknowledge', by: 'ada', comment: null, untilMs: null, to: null };
    const done = await alertDesk(careStore, Date.now).act(alertAt(1).id, deed);
    await careStore.close();
    const care = done._tag === 'done' ? done.care : null;
    expect(care?.acknowledged?.by).toBe('ada');
    await expect(reader.alerts({ limit: 10 })).resolves.toEqual([{ ...alertAt(1), care }]);
    const log = redisRuleLog({ config, group: 'refused' });
    const entry = await log.activate({ version: 'a1', text: 'rules' });
    await expect(log.newest()).resolves.toMatchObject({ sequence: 1 });
    await expect(log.active()).resolves.toEqual(entry);
    await expect(log.history()).resolves.toEqual([entry]);
    await log.close();
    await expect(reader.devices({ limit: 10 })).resolves.toEqual([]);
    await expect(reader.totals()).resolves.toMatchObject({ 'device-data': { read: 10 } });
    await expect(allowed.acquire(source, null)).resolves.toMatchObject({ next: 10 });
    await expect(allowed.health()).resolves.toMatchObject({ isReady: true });
    await reader.close();
  });
});
