import { describe, expect, it } from 'vitest';
import { packFile } from '../../src/rules/load.js';
import { withAdmin } from '../../src/sources/kafka/client.js';
import { weir } from '../src/cli/run-weir.js';
import { freshName, kafkaConfig } from './kafka-fixtures.js';

interface Tried {
  readonly tally: { readonly read: number; readonly counted: number };
  readonly windows: { readonly count: number };
  readonly fromMs: number;
  readonly toMs: number;
}

const tried = async (
  topic: string,
  ...args: readonly string[]
): Promise<{ readonly out: string; readonly found: Tried }> => {
  const { code, out, err } = await weir('try', packFile('starter'), '--topic', topic, '--json', ...args);
  expect([code, err]).toEqual([0, '']);
  return { out, found: JSON.parse(out) as Tried };
};

const startMs = Date.UTC(2026, 0, 5, 8);
const start = new Date(startMs).toISOString();

describe('weir try on a real topic', () => {
  it('reads all of it, or a stretch, the same each time, and is a member of no group', async () => {
    const topic = freshName('tried');
    const groups = () =>
      withAdmin(kafkaConfig(topic), async (admin) => (await admin.listGroups()).groups.map(({ groupId }) => groupId));
    const before = await groups();
    // Ten minutes of twenty devices.
    const load = ['--count', '6000', '--rate', '0', '--speed', '2', '--devices', '20', '--start', start];
    await weir('produce', '--topic', topic, '--create-topic', '--partitions', '3', '--codec', 'snappy', ...load);
    const all = await tried(topic);
    expect(all.found.tally).toMatchObject({ read: 6_000, counted: 6_000 });
    expect(all.found.windows.count).toBeGreaterThan(100);
    expect((await tried(topic)).out).toBe(all.out);

    const stretch = await tried(topic, '--from', '100', '--to', '110');
    expect(stretch.found.tally.read).toBe(30);
    const minute = [
      '--from',
      new Date(startMs + 120_000).toISOString(),
      '--to',
      new Date(startMs + 180_000).toISOString(),
    ];
    const { found } = await tried(topic, ...minute);
    expect(found.tally.read).toBe(600);
    expect(found.fromMs).toBeGreaterThanOrEqual(startMs + 119_000);
    expect(found.toMs).toBeLessThan(startMs + 180_000);
    expect(await groups()).toEqual(before);
  });

  it('says that there is no such topic', async () => {
    await expect(weir('try', packFile('starter'), '--topic', freshName('nowhere'))).rejects.toThrow('no such topic');
  });
});
