import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceEvent } from '../../src/events.js';
import { probeRedis } from '../../src/sinks/redis/probe.js';
import { redisReader } from '../../src/sinks/redis/reader.js';
import { redisStore } from '../../src/sinks/redis/store.js';
import { storeConformance } from '../conformance/store.js';
import { checkpoint, deviceText, settings } from '../conformance/store-fixtures.js';
import { freePort, redisConfig, RedisServer, until } from './redis-servers.js';

const slots = 16_384;
const nodes: RedisServer[] = [];
const config = () => redisConfig([nodes[0]?.endpoint ?? ''], { mode: 'cluster' });
let groups = 0;

/** Three masters that know each other. A cluster's bus listens on a port of its own. */
beforeAll(async () => {
  for (let i = 0; i < 3; i += 1) {
    const bus = await freePort();
    nodes.push(await RedisServer.start(['--cluster-enabled', 'yes', '--cluster-port', String(bus), '--cluster-node-timeout', '2000', '--appendonly', 'yes', '--save', ''])); // prettier-ignore
    const first = Math.floor((slots * i) / 3);
    const last = Math.floor((slots * (i + 1)) / 3) - 1;
    await nodes[i]?.call('CLUSTER', 'ADDSLOTSRANGE', first, last);
    if (i > 0) await nodes[0]?.call('CLUSTER', 'MEET', '127.0.0.1', nodes[i]?.port ?? 0, bus);
  }
  for (const node of nodes) {
    await until('the cluster is whole', async () =>
      String(await node.call('CLUSTER', 'INFO')).includes('cluster_state:ok'),
    );
  }
});
afterAll(async () => {
  for (const node of nodes) await node.close();
});

storeConformance('Redis Cluster', async () => {
  groups += 1;
  const group = `cluster-${groups}`;
  const report = (): void => undefined;
  const [store, other] = [
    redisStore({ config: config(), group, report }),
    redisStore({ config: config(), group, report }),
  ];
  await Promise.all([store.open(), other.open()]);
  const reader = redisReader({ config: config(), group, settings });
  return {
    store,
    other,
    reader,
    close: async () => {
      await Promise.all([store.close(), other.close(), reader.close()]);
    },
  };
});

describe('a cluster', () => {
  const sources = Array.from({ length: 12 }, (_, partition) => ({ topic: 'device-data', partition }));

  it('is looked at node by node', async () => {
    const findings = await probeRedis(config());
    expect(findings.every(({ verdict }) => verdict === 'ok')).toBe(true);
    for (const { endpoint } of nodes) expect(findings.map(({ what }) => what)).toContain(`redis ${endpoint}`);
  });

  it('holds partitions on all its nodes, and gives them together', async () => {
    const events: ServiceEvent[] = [];
    const store = redisStore({ config: config(), group: 'spread', report: (event) => void events.push(event) });
    await store.open();
    for (const source of sources) {
      const owner = await store.acquire(source, null);
      const devices = { [`d${source.partition}`]: deviceText() };
      await expect(store.commit(checkpoint(owner, 10, { source, devices }))).resolves.toEqual({ _tag: 'applied' });
    }
    const sizes = await Promise.all(nodes.map((node) => node.call('DBSIZE')));
    expect(sizes.every((size) => Number(size) > 0)).toBe(true);
    const reader = redisReader({ config: config(), group: 'spread', settings });
    const found = await reader.devices({ limit: 100 });
    expect(found).toHaveLength(sources.length);
    await expect(reader.totals()).resolves.toMatchObject({ 'device-data': { read: 120 } });
    await reader.close();
    await store.close();
    expect(events).toEqual([]);
  });

  it('is waited for when one of its nodes is restarted in the middle', async () => {
    const store = redisStore({ config: config(), group: 'restart', report: () => undefined });
    await store.open();
    const owners = await Promise.all(sources.map((source) => store.acquire(source, null)));
    const commitAll = (next: number, expected: number | null) =>
      sources.map((source, i) => {
        const owner = owners[i];
        if (owner === undefined) throw new Error('no owner');
        return store.commit(checkpoint(owner, next, { source, expected, devices: { d1: deviceText() } }));
      });
    await Promise.all(commitAll(10, null));
    await nodes[1]?.kill();
    const committing = Promise.all(commitAll(20, 10));
    await nodes[1]?.run();
    const results = await committing;
    expect(results.map(({ _tag }) => _tag)).toEqual(sources.map(() => 'applied'));
    await store.close();
  });

  it('is followed when a slot moves to another node', async () => {
    const source = { topic: 'moving', partition: 0 };
    const store = redisStore({ config: config(), group: 'move', report: () => undefined });
    await store.open();
    const owner = await store.acquire(source, null);
    await store.commit(checkpoint(owner, 10, { source, devices: { d1: deviceText() } }));
    const slot = Number(await nodes[0]?.call('CLUSTER', 'KEYSLOT', '{moving:0}'));
    const ids = await Promise.all(nodes.map((node) => node.call('CLUSTER', 'MYID')));
    const from = Math.floor((slot * 3) / slots);
    const to = (from + 1) % 3;
    const [giver, taker] = [nodes[from], nodes[to]];
    if (giver === undefined || taker === undefined) throw new Error('no such node');
    await taker.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', String(ids[from]));
    await giver.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', String(ids[to]));
    const keys = (await giver.call('CLUSTER', 'GETKEYSINSLOT', slot, 1_000)) as string[];
    expect(keys.length).toBeGreaterThan(0);
    const halfway = store.commit(checkpoint(owner, 20, { source, expected: 10, devices: { d2: deviceText() } }));
    for (const key of keys) await giver.call('MIGRATE', '127.0.0.1', taker.port, key, 0, 5_000);
    for (const node of [taker, giver]) await node.call('CLUSTER', 'SETSLOT', slot, 'NODE', String(ids[to]));
    await expect(halfway).resolves.toEqual({ _tag: 'applied' });
    await expect(store.commit(checkpoint(owner, 30, { source, expected: 20 }))).resolves.toEqual({ _tag: 'applied' });
    await expect(taker.call('HGET', '{moving:0}:move:meta', 'next')).resolves.toBe('30');
    await store.close();
  });
});
