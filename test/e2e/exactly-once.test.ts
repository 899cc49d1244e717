import { expect, it, onTestFinished } from 'vitest';
import { seedOf } from './chaos/chance.js';
import { given } from './chaos/given.js';
import { trial } from './chaos/trial.js';

const records = 200_000;

it('two services killed at random count every record once', { timeout: 300_000 }, async () => {
  const story: string[] = [];
  onTestFinished(() => console.log(story.join('\n')));
  const tell = (line: string): void => void story.push(line);
  const seed = seedOf(process.env['WEIR_E2E_SEED']);
  const { verdict, havoc, faults } = await trial({
    ...given(),
    seed,
    records,
    ratePerSecond: 4_500,
    devices: 1_000,
    tell,
  });

  expect(faults.slice(0, 20)).toEqual([]);
  // It was a trial: everything that can go wrong did, and there was something to get wrong.
  expect(verdict.records).toBeGreaterThanOrEqual(records);
  expect(Math.min(...Object.values(havoc.blows))).toBeGreaterThan(0);
  expect(Math.min(...Object.values(verdict.tally))).toBeGreaterThan(0);
  const { aligned, session, count: byCount } = verdict.kinds;
  for (const count of [aligned, session].flatMap(({ closed, open, corrections }) => [closed, open, corrections])) {
    expect(count).toBeGreaterThan(100);
  }
  for (const count of [byCount.closed, byCount.open, verdict.joinedSessions, verdict.alerts]) {
    expect(count).toBeGreaterThan(100);
  }
  expect(havoc.count('acquired')).toBeGreaterThan(8);
  expect(havoc.count('data_loss')).toBe(0);
});
