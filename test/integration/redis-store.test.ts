import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceEvent } from '../../src/events.js';
import type { StateStore } from '../../src/ports.js';
import { redisCareStore } from '../../src/sinks/redis/care-store.js';
import { redisReader } from '../../src/sinks/redis/reader.js';
import { redisRuleLog } from '../../src/sinks/redis/rule-log.js';
import { redisStore } from '../../src/sinks/redis/store.js';
import { storeConformance } from '../conformance/store.js';
import {
  alertAt,
  baseMs,
  checkpoint,
  clearedAt,
  closedWindow,
  deviceText,
  minute,
  seenWindow,
  settings,
  source,
} from '../conformance/store-fixtures.js';
import { redisConfig, until } from './redis-servers.js';

const endpoint = process.env['REDIS_ENDPOINT'] ?? '';
const config = redisConfig([endpoint]);
const freshGroup = (): string => `test-${randomUUID()}`;

const client = (): Redis => new Redis(`redis://${endpoint}`);

const removeKeysOf = async (group: string): Promise<void> => {
  const redis = client();
  const keys = await redis.keys(`*${group}*`);
  if (keys.length > 0) await redis.del(keys);
  redis.disconnect();
};

storeConformance('Redis', async () => {
  const group = freshGroup();
  const report = (): void => undefined;
  const [store, other] = [redisStore({ config, group, report }), redisStore({ config, group, report })];
  await Promise.all([store.open(), other.open()]);
  const reader = redisReader({ config, group, settings });
  return {
    store,
    other,
    reader,
    close: async () => {
      await Promise.all([store.close(), other.close(), reader.close()]);
      await removeKeysOf(group);
    },
  };
});

describe('state in Redis', () => {
  const group = freshGroup();
  const prefix = `{device-data:0}:${group}`;
  const events: ServiceEvent[] = [];
  let redis: Redis;
  let store: StateStore;

  beforeEach(async () => {
    redis = client();
    events.length = 0;
    store = redisStore({ config, group, report: (event) => void events.push(event) });
    await store.open();
  });
  afterEach(async () => {
    await store.close();
    redis.disconnect();
    await removeKeysOf(group);
  });

  it('lies where docs/redis.md says', async () => {
    const owner = await store.acquire(source, null);
    const window = closedWindow(baseMs, [20, 22]);
    const text = deviceText();
    await store.commit(
      checkpoint(owner, 10, {
        devices: { d1: text },
        partition: '{}',
        windows: [window],
        alerts: [alertAt(1), clearedAt(2, 9)],
      }),
    );
    await expect(redis.smembers(`weir:${group}:partitions`)).resolves.toEqual(['device-data:0']);
    await expect(redis.hgetall(`${prefix}:meta`)).resolves.toEqual({
      epoch: String(owner.epoch),
      next: '10',
      partition: '{}',
    });
    await expect(redis.hgetall(`${prefix}:devices`)).resolves.toEqual({ d1: text });
    await expect(redis.zrange(`${prefix}:ids`, 0, -1, 'WITHSCORES')).resolves.toEqual(['d1', '0']);
    await expect(redis.zrange(`${prefix}:windows:minute:temperature:d1`, 0, -1, 'WITHSCORES')).resolves.toEqual([
      JSON.stringify(seenWindow(window)),
      String(baseMs),
    ]);
    await expect(redis.hgetall(`${prefix}:alerts`)).resolves.toEqual({
      [alertAt(1).id]: JSON.stringify(alertAt(1)),
      [alertAt(2).id]: JSON.stringify(clearedAt(2, 9)),
    });
    await expect(redis.zrange(`${prefix}:alerts:cleared`, 0, -1, 'WITHSCORES')).resolves.toEqual([alertAt(2).id, '9']);
    const care = redisCareStore({ config, group });
    await expect(care.write(alertAt(1).id, null, '{}')).resolves.toBe('written');
    await care.close();
    await expect(redis.hgetall(`${prefix}:alerts:care`)).resolves.toEqual({ [alertAt(1).id]: '{}' });
    const log = redisRuleLog({ config, group });
    const { activatedAtMs } = await log.activate({ version: 'a1', text: 'rules' });
    await log.close();
    await expect(redis.hgetall(`weir:${group}:rules`)).resolves.toEqual({
      active: '1',
      '1:version': 'a1',
      '1:text': 'rules',
      '1:at': String(activatedAtMs),
    });
    await expect(redis.keys(`*${group}*`)).resolves.toHaveLength(9);
  });

  it.each(['meta', 'devices', 'ids', 'alerts', 'alerts:cleared', 'windows:minute:temperature:d2'])(
    'refuses to write when %s is of another type, writes nothing, and goes on once it is gone',
    async (key) => {
      const owner = await store.acquire(source, null);
      await store.commit(checkpoint(owner, 10, { devices: { d1: 'true' }, partition: '{}' }));
      const before = await redis.dump(`${prefix}:devices`);
      const meta = await redis.hgetall(`${prefix}:meta`);
      const broken = `${prefix}:${key}`;
      const isThere = (await redis.exists(broken)) === 1;
      if (isThere) await redis.rename(broken, `${broken}:saved`);
      await redis.set(broken, 'in the way');
      const next = checkpoint(owner, 20, {
        expected: 10,
        devices: { d1: 'false', d2: 'false' },
        windows: ['d1', 'd2'].map((device) => closedWindow(baseMs, [1], { device })),
        alerts: [clearedAt(1, 15)],
      });
      const refused = await store.commit(next);
      expect(refused).toMatchObject({ _tag: 'refused' });
      expect(JSON.stringify(refused)).toContain(`WRONGTYPE ${broken} holds a string`);
      await expect(store.health()).resolves.toMatchObject({ isReady: false });
      const others = ['devices', 'meta', 'alerts', 'windows:minute:temperature:d1'].filter((name) => name !== key);
      for (const name of others) {
        const held = await redis.type(`${prefix}:${name}`);
        if (name === 'devices') await expect(redis.dump(`${prefix}:devices`)).resolves.toBe(before);
        else if (name === 'meta') await expect(redis.hgetall(`${prefix}:meta`)).resolves.toEqual(meta);
        else expect(held).toBe('none');
      }
      await redis.del(broken);
      if (isThere) await redis.rename(`${broken}:saved`, broken);
      await expect(store.commit(next)).resolves.toEqual({ _tag: 'applied' });
      await expect(store.health()).resolves.toMatchObject({ isReady: true });
    },
  );

  it('makes the index of ids anew when it was lost', async () => {
    const owner = await store.acquire(source, null);
    await store.commit(checkpoint(owner, 10, { devices: { d1: deviceText(), d2: deviceText() } }));
    await redis.del(`${prefix}:ids`);
    await store.acquire(source, null);
    await expect(redis.zrange(`${prefix}:ids`, 0, -1)).resolves.toEqual(['d1', 'd2']);
  });

  it('gives no epoch twice, whatever was lost', async () => {
    const first = await store.acquire(source, null);
    await store.commit(checkpoint(first, 10));
    await redis.del(`${prefix}:meta`);
    await expect(store.commit(checkpoint(first, 20, { expected: 10 }))).resolves.toEqual({
      _tag: 'rolled_back',
      found: null,
    });
    await until('the clock went on', () => Date.now() > first.epoch);
    const second = await store.acquire(source, null);
    expect(second.epoch).toBeGreaterThan(first.epoch);
    await store.commit(checkpoint(second, 10));
    await expect(store.commit(checkpoint(first, 20, { expected: 10 }))).resolves.toEqual({ _tag: 'fenced' });
    const ahead = Date.now() + 10 * minute;
    await redis.hset(`${prefix}:meta`, 'epoch', ahead);
    await expect(store.acquire(source, null)).resolves.toMatchObject({ epoch: ahead + 1 });
  });

  it('does not write for an owner of which it knows nothing any more, not even the first commit', async () => {
    const owner = await store.acquire(source, null);
    await redis.del(`${prefix}:meta`);
    const first = checkpoint(owner, 10, { devices: { d1: 'true' } });
    await expect(store.commit(first)).resolves.toEqual({ _tag: 'rolled_back', found: null });
    await expect(redis.exists(`${prefix}:devices`, `${prefix}:meta`)).resolves.toBe(0);
  });

  it('says what is the matter when a hand has set an offset that is none', async () => {
    const owner = await store.acquire(source, null);
    await redis.hset(`${prefix}:meta`, 'next', 'twelve');
    await expect(store.commit(checkpoint(owner, 10))).rejects.toMatchObject({ code: 'state_corrupt' });
    await expect(store.acquire(source, null)).rejects.toMatchObject({ code: 'state_corrupt' });
  });

  it('follows a hand that has moved the offset', async () => {
    const owner = await store.acquire(source, null);
    await store.commit(checkpoint(owner, 10));
    await redis.hset(`${prefix}:meta`, 'next', 500);
    await expect(store.commit(checkpoint(owner, 20, { expected: 10 }))).resolves.toEqual({
      _tag: 'rolled_back',
      found: 500,
    });
  });

  it('sends the script again when the server has forgotten it', async () => {
    const owner = await store.acquire(source, null);
    await redis.script('FLUSH');
    await expect(store.commit(checkpoint(owner, 10))).resolves.toEqual({ _tag: 'applied' });
    await redis.script('FLUSH');
    await expect(store.acquire(source, null)).resolves.toMatchObject({ next: 10 });
  });

  it('tells of lost connections once, comes back, and makes itself found again', async () => {
    const owner = await store.acquire(source, null);
    await redis.del(`weir:${group}:partitions`);
    for (const line of String(await redis.client('LIST')).split('\n')) {
      const [, id, name] = /^id=(\d+) .*name=(weir-store-\d)/.exec(line) ?? [];
      if (id !== undefined && name !== undefined) await redis.client('KILL', 'ID', id);
    }
    await until('it is connected again', () => events.some(({ _tag }) => _tag === 'store_connected'));
    expect(events.filter(({ _tag }) => _tag === 'store_disconnected')).toHaveLength(1);
    await until('it is found', async () => (await redis.scard(`weir:${group}:partitions`)) === 1);
    await expect(store.commit(checkpoint(owner, 10))).resolves.toEqual({ _tag: 'applied' });
  });
});
