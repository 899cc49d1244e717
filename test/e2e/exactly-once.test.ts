import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Chance, seedOf } from './chaos/chance.js';
import { Havoc } from './chaos/havoc.js';
import { account } from './chaos/account.js';
import { Stage } from './chaos/stage.js';
import { given } from './chaos/given.js';
import { Watch } from './chaos/watch.js';

const records = 200_000;
const ratePerSecond = 4_500;
const sessionTimeoutMs = 6_000;

describe('two services in one group, killed at random', () => {
  const seed = seedOf(process.env['WEIR_E2E_SEED']);
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.set({ ...given(), partitions: 8, sessionTimeoutMs });
  });
  afterAll(() => stage.strike());

  it(
    'count every record once: the store and the dead letters are what the log gives',
    { timeout: 240_000 },
    async () => {
      const story = [`seed ${seed}; WEIR_E2E_SEED=${seed} strikes the same blows`];
      onTestFinished(() => console.log(story.join('\n')));
      const havoc = new Havoc({
        chance: new Chance(seed),
        services: 2,
        spawn: (number) => stage.service(`service-${number}`),
        sessionTimeoutMs,
        tell: (line) => story.push(line),
      });
      havoc.begin();
      const began = performance.now();
      const watch = new Watch(stage, 150);
      const shares = ['--bad', '0.01', '--late', '0.03', '--future', '0.005', '--duplicate', '0.02'];
      const sizes = ['--devices', '1000', '--count', String(records), '--rate', String(ratePerSecond)];
      const producer = stage.producer(['--shape', 'mixed', '--seed', String(seed % 1_000_000), ...sizes, ...shares]);
      await havoc.rage(() => producer.end !== null);
      expect(producer.end).toBe(0);
      await stage.settled();
      await watch.stop();
      const seconds = (performance.now() - began) / 1_000;
      story.push(`settled after ${seconds.toFixed(1)} s: ${Math.round(records / seconds)} records/s, blows and all`);
      const verdict = await stage.judge(watch.glimpses);
      story.push(`${watch.glimpses.length} looks at the store meanwhile`, ...account(verdict, havoc));

      expect([...watch.steppedBack, ...verdict.differences].slice(0, 20)).toEqual([]);
      // It was a trial: everything that can go wrong did, and there was something to get wrong.
      expect(verdict.records).toBeGreaterThanOrEqual(records);
      expect(Math.min(...Object.values(havoc.blows))).toBeGreaterThan(0);
      expect(Math.min(...Object.values(verdict.tally))).toBeGreaterThan(0);
      for (const count of [verdict.closedWindows, verdict.openWindows, verdict.corrections, verdict.alerts]) {
        expect(count).toBeGreaterThan(100);
      }
      expect(havoc.count('acquired')).toBeGreaterThan(8);
      expect(havoc.all.flatMap(({ lines }) => lines).filter(({ event }) => event === 'data_loss')).toEqual([]);
    },
  );
});
