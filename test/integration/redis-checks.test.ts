import { afterEach, describe, expect, it } from 'vitest';
import type { ServiceEvent } from '../../src/events.js';
import type { Finding } from '../../src/ports.js';
import { probeRedis } from '../../src/sinks/redis/probe.js';
import { redisReader } from '../../src/sinks/redis/reader.js';
import { redisStore } from '../../src/sinks/redis/store.js';
import { settings } from '../conformance/store-fixtures.js';
import { freePort, redisConfig, RedisServer } from './redis-servers.js';

const patience = { connectMs: 1_000, replyMs: 1_000, openMs: 1_500, acquireMs: 1_000 };
const sound = ['--appendonly', 'yes', '--save', ''];

const servers: RedisServer[] = [];
const started = async (options: readonly string[], password: string | null = null): Promise<RedisServer> => {
  const server = await RedisServer.start(options, password);
  servers.push(server);
  return server;
};
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** Opens a store and tells what it warned of. */
const warningsAt = async (config: ReturnType<typeof redisConfig>): Promise<readonly string[]> => {
  const events: ServiceEvent[] = [];
  const store = redisStore({ config, group: 'checks', report: (event) => void events.push(event), patience });
  try {
    await store.open();
  } finally {
    await store.close();
  }
  return events.flatMap((event) => (event._tag === 'store_warning' ? [event.message] : []));
};

const verdicts = (findings: readonly Finding[]): string[] =>
  findings.map(({ what, verdict }) => `${what.replace(/^redis \S+ ?/, '')}: ${verdict}`);

describe('at the start', () => {
  it('a sound server gives no warning', async () => {
    const { endpoint } = await started(sound);
    await expect(warningsAt(redisConfig([endpoint]))).resolves.toEqual([]);
    const findings = await probeRedis(redisConfig([endpoint]), patience);
    expect(verdicts(findings)).toEqual([': ok', 'role: ok', 'scripts: ok', 'eviction: ok', 'persistence: ok']);
  });

  it.each([
    [
      'evicts',
      [...sound, '--maxmemory', '1gb', '--maxmemory-policy', 'allkeys-lru'],
      /DROP STATE.*CONFIG SET maxmemory-policy noeviction/s,
    ],
    [
      'keeps nothing on disk',
      ['--appendonly', 'no', '--save', ''],
      /append-only file is off.*CONFIG SET appendonly yes/s,
    ],
    ['never syncs', [...sound, '--appendfsync', 'no'], /appendfsync is no/],
  ])('warns of a server that %s', async (_what, options, words) => {
    const { endpoint } = await started(options);
    const warnings = await warningsAt(redisConfig([endpoint]));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(words);
  });

  it.each([
    ['CONFIG', '-config', /appendfsync could not be checked/],
    ['INFO', '-info', /version, eviction and persistence could not be checked/],
  ])('tolerates that %s is forbidden, and says what it could not check', async (_what, rule, words) => {
    const server = await started(sound);
    await server.call('ACL', 'SETUSER', 'managed', 'on', '>secret', '~*', '+@all', rule);
    const warnings = await warningsAt(redisConfig([server.endpoint], { username: 'managed', password: 'secret' }));
    expect(warnings).toEqual([expect.stringMatching(words)]);
  });

  it('does not start on a replica', async () => {
    const server = await started(sound);
    await server.call('REPLICAOF', '127.0.0.1', '1');
    const config = redisConfig([server.endpoint]);
    await expect(warningsAt(config)).rejects.toMatchObject({
      code: 'redis_refused',
      message: expect.stringContaining('replica of 127.0.0.1:1') as string,
    });
    expect(verdicts(await probeRedis(config, patience))).toContain('role: fault');
  });

  it.each([
    ['no password', {}, /a password is needed/],
    ['a wrong one', { password: 'guess' }, /user name or password is wrong/],
  ])('does not start with %s', async (_what, login, words) => {
    const server = await started(sound, 'secret');
    const config = redisConfig([server.endpoint], login);
    await expect(warningsAt(config)).rejects.toMatchObject({
      code: 'redis_refused',
      message: expect.stringMatching(words) as string,
    });
    const [finding] = await probeRedis(config, patience);
    expect(finding).toMatchObject({ verdict: 'fault', detail: expect.stringMatching(words) as string });
    await expect(warningsAt(redisConfig([server.endpoint], { password: 'secret' }))).resolves.toEqual([]);
  });

  it('uses the database it is told', async () => {
    const server = await started(sound);
    const store = redisStore({
      config: redisConfig([server.endpoint], { db: 3 }),
      group: 'checks',
      report: () => undefined,
      patience,
    });
    await store.open();
    await store.acquire({ topic: 'device-data', partition: 0 }, null);
    await store.close();
    await expect(server.call('DBSIZE')).resolves.toBe(0);
    await expect(server.call('INFO', 'keyspace')).resolves.toContain('db3:keys=2');
  });

  it('says where nobody answers, and gives up', async () => {
    const nowhere = redisConfig([`127.0.0.1:${await freePort()}`]);
    const unreachable = { code: 'redis_unreachable', message: expect.stringContaining('ECONNREFUSED') as string };
    await expect(warningsAt(nowhere)).rejects.toMatchObject(unreachable);
    const [finding] = await probeRedis(nowhere, patience);
    expect(finding).toMatchObject({ verdict: 'fault', detail: expect.stringContaining('ECONNREFUSED') as string });
    const reader = redisReader({ config: nowhere, group: 'checks', settings });
    await expect(reader.totals()).rejects.toMatchObject(unreachable);
    await reader.close();
  });

  it('tells a cluster from a single server', async () => {
    const server = await started(['--cluster-enabled', 'yes']);
    await expect(warningsAt(redisConfig([server.endpoint]))).rejects.toMatchObject({
      message: expect.stringContaining('set cache.redis.mode to cluster') as string,
    });
    const single = await started(sound);
    await expect(warningsAt(redisConfig([single.endpoint], { mode: 'cluster' }))).rejects.toMatchObject({
      message: expect.stringMatching(/cluster support disabled/) as string,
    });
  });
});
