import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { Chance, seedOf } from './chaos/chance.js';
import { account } from './chaos/account.js';
import { given } from './chaos/given.js';
import { Havoc } from './chaos/havoc.js';
import { OwnRedis } from './chaos/own-redis.js';
import { Stage } from './chaos/stage.js';
import { until } from './chaos/until.js';

/** Everything: what was lost must not go unseen because it would have been let go of meanwhile. */
const kept = { keepWindows: 10_000, keepAlerts: 100_000 };

describe('a Redis that dies, starves, turns read-only and loses what it was told', () => {
  const seed = seedOf(process.env['WEIR_E2E_SEED']);
  const opened: { readonly close: () => Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });

  it('ends with results as if nothing had been', { timeout: 180_000 }, async () => {
    const story = [`seed ${seed}`];
    onTestFinished(() => console.log(story.join('\n')));
    const redis = await OwnRedis.start();
    opened.push(redis);
    const stage = await Stage.set({ ...given(), redis: redis.endpoint, partitions: 4, sessionTimeoutMs: 6_000, kept });
    opened.push({ close: () => stage.strike() });
    const havoc = new Havoc({
      chance: new Chance(seed),
      services: 2,
      spawn: (number) => stage.service(`service-${number}`),
      sessionTimeoutMs: 6_000,
      tell: (line) => story.push(line),
    });
    havoc.begin();
    const shares = ['--bad', '0.01', '--late', '0.03', '--duplicate', '0.02'];
    const sizes = ['--devices', '200', '--count', '60000', '--rate', '3000', '--seed', String(seed % 1_000_000)];
    const producer = stage.producer(['--shape', 'mixed', ...sizes, ...shares]);
    const moved = async (by: number): Promise<void> => {
      const before = await stage.lag();
      const ends = (await stage.topics.ends(stage.topic)).reduce((a, b) => a + b, 0);
      await until('records are settled', async () => {
        const now = (await stage.topics.ends(stage.topic)).reduce((a, b) => a + b, 0);
        return now - (await stage.lag()) - (ends - before) > by;
      });
    };

    await moved(5_000);
    story.push('Redis loses everything');
    await redis.ask('FLUSHALL');
    await moved(3_000);
    await redis.snapshot();
    await moved(5_000);
    story.push('Redis dies and comes back as it was at the snapshot');
    await redis.restore();
    await moved(3_000);
    story.push('Redis has no memory left');
    await redis.ask('CONFIG SET maxmemory 1mb');
    await until('a commit is refused', () => havoc.count('store_refused') > 0);
    await wait(2_000);
    await redis.ask('CONFIG SET maxmemory 0');
    await moved(3_000);
    story.push('Redis is read-only');
    const refusals = havoc.count('store_refused');
    await redis.ask('REPLICAOF 127.0.0.1 1');
    await until('a commit is refused', () => havoc.count('store_refused') > refusals);
    await wait(2_000);
    await redis.ask('REPLICAOF NO ONE');
    await moved(3_000);
    story.push('Redis is killed and starts again with its append-only file');
    await redis.kill();
    await redis.begin();
    await moved(2_000);
    await until('everything is produced', () => producer.end !== null);
    expect(producer.end).toBe(0);
    await stage.settled();
    const verdict = await stage.judge();
    story.push(...account(verdict, havoc));
    expect(verdict.differences.slice(0, 20)).toEqual([]);
    expect(verdict.records).toBeGreaterThanOrEqual(60_000);
    expect(havoc.count('rolled_back')).toBeGreaterThan(0);
    expect(havoc.count('store_recovered')).toBeGreaterThan(0);
    expect(havoc.all.every(({ isRunning }) => isRunning)).toBe(true);
  });
});
