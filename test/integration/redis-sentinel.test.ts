import { afterEach, describe, expect, it } from 'vitest';
import type { ServiceEvent } from '../../src/events.js';
import { redisReader } from '../../src/sinks/redis/reader.js';
import { redisStore } from '../../src/sinks/redis/store.js';
import { checkpoint, deviceText, settings, source } from '../conformance/store-fixtures.js';
import { redisConfig, RedisServer, until } from './redis-servers.js';

const sound = ['--appendonly', 'yes', '--save', '', '--repl-diskless-sync-delay', '0'];

const servers: RedisServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
const kept = (server: RedisServer): RedisServer => {
  servers.push(server);
  return server;
};

/** A master, a replica in step with it, and a Sentinel that fails over within a second. */
const started = async (password: string | null, sentinelPassword: string | null) => {
  const master = kept(await RedisServer.start(sound, password));
  const replica = kept(await RedisServer.start([...sound, '--replicaof', `127.0.0.1 ${master.port}`], password));
  const lines = [
    `sentinel monitor main 127.0.0.1 ${master.port} 1`,
    'sentinel down-after-milliseconds main 500',
    'sentinel failover-timeout main 3000',
    ...(password === null ? [] : [`sentinel auth-pass main ${password}`]),
  ];
  const sentinel = kept(await RedisServer.startSentinel(lines, sentinelPassword));
  // Kept from running for two seconds, as by a busy machine, a Sentinel distrusts its clock and fails over to nobody for half a minute (TILT).
  await sentinel.call('SENTINEL', 'DEBUG', 'tilt-trigger', 600_000);
  await until('the Sentinel knows the replica', async () => {
    const known = (await sentinel.call('SENTINEL', 'REPLICAS', 'main')) as unknown[][];
    return known.length === 1 && known[0]?.includes('ok') === true;
  });
  return { master, replica, sentinel };
};

describe('Sentinel', () => {
  it('names the next master when one is killed: the commit under way is applied there', async () => {
    const { master, replica, sentinel } = await started(null, null);
    const events: ServiceEvent[] = [];
    const config = redisConfig([sentinel.endpoint], { mode: 'sentinel', masterName: 'main' });
    const store = redisStore({ config, group: 'sentinel', report: (event) => void events.push(event) });
    const reader = redisReader({ config, group: 'sentinel', settings });
    await store.open();
    const owner = await store.acquire(source, null);
    await store.commit(checkpoint(owner, 10, { devices: { d1: deviceText() } }));
    await until(
      'the replica has it',
      async () => (await replica.call('HGET', '{device-data:0}:sentinel:meta', 'next')) === '10',
    );
    await master.kill();
    const next = checkpoint(owner, 20, { expected: 10, devices: { d2: deviceText() } });
    let result = await store.commit(next);
    // What was a replica a moment ago may still refuse.
    await until('it is no replica any more', async () => {
      if (result._tag === 'refused') result = await store.commit(next);
      return result._tag !== 'refused';
    });
    expect(result).toEqual({ _tag: 'applied' });
    await expect(replica.call('HGET', '{device-data:0}:sentinel:meta', 'next')).resolves.toBe('20');
    const found = await reader.devices({ limit: 10 });
    expect(found.map(({ id }) => id)).toEqual(['d1', 'd2']);
    await until('the connections are back', () => events.at(-1)?._tag === 'store_connected');
    await Promise.all([store.close(), reader.close()]);
  });

  it.each([
    ['a Sentinel without password', null],
    ['a Sentinel with the same password', 'secret'],
  ])(
    'hands over to a replica that lacks the last commits: found missing, and made again (%s)',
    async (_what, asked) => {
      const { master, replica, sentinel } = await started('secret', asked);
      const config = redisConfig([sentinel.endpoint], { mode: 'sentinel', masterName: 'main', password: 'secret' });
      const store = redisStore({ config, group: 'sentinel', report: () => undefined });
      await store.open();
      const owner = await store.acquire(source, null);
      await store.commit(checkpoint(owner, 10, { devices: { d1: '10' } }));
      const meta = '{device-data:0}:sentinel:meta';
      await until('the replica has it', async () => (await replica.call('HGET', meta, 'next')) === '10');
      // The replica stops hearing of the master, which then dies with what it alone knew.
      replica.freeze();
      await master.call('CLIENT', 'KILL', 'TYPE', 'replica');
      await store.commit(checkpoint(owner, 20, { expected: 10, devices: { d1: '20' } }));
      await master.kill();
      replica.thaw();
      const next = checkpoint(owner, 30, { expected: 20, devices: { d1: '30' } });
      let result = await store.commit(next);
      await until('it is no replica any more', async () => {
        if (result._tag === 'refused') result = await store.commit(next);
        return result._tag !== 'refused';
      });
      expect(result).toEqual({ _tag: 'rolled_back', found: 10 });
      const again = await store.acquire(source, null);
      expect(again.next).toBe(10);
      expect([...(again.state?.devices ?? [])]).toEqual([['d1', '10']]);
      await expect(store.commit(checkpoint(again, 30, { devices: { d1: '30' } }))).resolves.toEqual({
        _tag: 'applied',
      });
      await store.close();
    },
  );
});
