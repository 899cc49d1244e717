import { afterEach, describe, expect, it } from 'vitest';
import { Gate } from './chaos/gate.js';
import { given } from './chaos/given.js';
import { OwnRedis } from './chaos/own-redis.js';
import { Stage } from './chaos/stage.js';
import { telemetry } from './chaos/telemetry.js';
import { until } from './chaos/until.js';

const sessionTimeoutMs = 6_000;
const devices = Array.from({ length: 10 }, (_, i) => `device-${i}`);
/** What a commit names and nothing else that a service says to Redis. */
const commits = ':alerts';

describe('what the commit script refuses', () => {
  const opened: { readonly close: () => Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });

  const set = async (redis = given().redis): Promise<Stage> => {
    const stage = await Stage.set({ ...given(), redis, partitions: 1, sessionTimeoutMs });
    opened.push({ close: () => stage.strike() });
    return stage;
  };
  const gateBefore = async (endpoint: string): Promise<Gate> => {
    const gate = await Gate.before(endpoint);
    opened.push(gate);
    return gate;
  };
  const feed = (stage: Stage, count: number, whose = devices): Promise<void> =>
    stage.topics.send(
      stage.topic,
      0,
      telemetry({ devices: whose, count, fromMs: Date.now() - 50 * count, badEvery: 40 }),
    );

  it('a zombie that was stopped with a commit on its way, once another process has acquired the partition', async () => {
    const stage = await set();
    const [before, other] = [await gateBefore(given().redis), await gateBefore(given().redis)];
    const zombie = stage.service('zombie', { redis: before.endpoint });
    await zombie.says('acquired');
    await feed(stage, 200);
    await stage.settled();
    const settled = await stage.stored.next(stage.topic, 0, stage.group);
    expect(settled).toBe(200);

    before.hold(commits);
    await feed(stage, 200);
    await until('its commit is on its way', () => before.held.includes(commits));
    zombie.signal('SIGSTOP');
    // Dead letters come before the commit, so those of the commit that is on its way lie in their topic already.
    expect((await stage.topics.read(`${stage.topic}.dlq`)).flat().length).toBeGreaterThan(5);
    other.hold(commits);
    const owner = stage.service('owner', { redis: other.endpoint });
    await until('the new owner has something to commit', () => other.held.includes(commits));

    before.open();
    await until('the late commit is answered', () => before.answersToHeld.length > 0);
    expect(before.answersToHeld[0]).toContain('FENCED');
    expect(await stage.stored.next(stage.topic, 0, stage.group)).toBe(settled);

    other.open();
    zombie.signal('SIGCONT');
    await feed(stage, 200);
    await stage.settled();
    await until('the zombie hears of it', () => zombie.count('fenced') > 0);
    expect((await stage.judge()).differences).toEqual([]);
    expect(owner.count('fenced') + owner.count('rolled_back')).toBe(0);
  });

  it('a commit on top of what the store has lost: it went back in time, and the service goes back with it', async () => {
    const redis = await OwnRedis.start();
    opened.push(redis);
    const stage = await set(redis.endpoint);
    const service = stage.service('service');
    await service.says('acquired');
    await feed(stage, 300);
    await stage.settled();
    await redis.snapshot();
    await feed(stage, 300);
    await stage.settled();

    service.signal('SIGSTOP');
    await redis.restore();
    expect(await stage.stored.next(stage.topic, 0, stage.group)).toBe(300);
    service.signal('SIGCONT');
    // One device alone: what the others said meanwhile can only come back by being read again.
    await feed(stage, 50, ['device-0']);
    await stage.settled();
    expect((await stage.judge()).differences).toEqual([]);
    expect(service.count('rolled_back')).toBeGreaterThan(0);
  });

  it('nothing that was applied and whose answer was lost: sent again, it changes nothing', async () => {
    const stage = await set();
    const gate = await gateBefore(given().redis);
    const service = stage.service('service', { redis: gate.endpoint });
    await service.says('acquired');
    gate.loseAnswer('APPLIED');
    await feed(stage, 300);
    await until('an answer is lost', () => gate.lost > 0);
    await feed(stage, 300);
    await stage.settled();
    expect((await stage.judge()).differences).toEqual([]);
    expect(service.count('rolled_back') + service.count('fenced')).toBe(0);
  });
});
