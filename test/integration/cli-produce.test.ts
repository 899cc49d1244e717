import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mergeMap } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProduceSummary } from '../../src/simulator/produce.js';
import { partitionOfKey } from '../../src/sources/key-hash.js';
import { kafkaSource } from '../../src/sources/kafka/source.js';
import type { RawRecord } from '../../streams/model/raw-record.js';
import { weir } from '../src/cli/run-weir.js';
import { kafkaConfig, until } from './kafka-fixtures.js';

const fresh = (): string => `produced-${randomUUID().slice(0, 8)}`;
const produced = async (topic: string, ...args: readonly string[]): Promise<ProduceSummary> => {
  const { code, out, err } = await weir(
    'produce',
    '--json',
    '--topic',
    topic,
    '--create-topic',
    '--partitions',
    '3',
    ...args,
  );
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as ProduceSummary;
};

describe('weir produce on a real broker', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  const readAll = async (topic: string, count: number): Promise<ReadonlyMap<number, readonly RawRecord[]>> => {
    const source = kafkaSource({ config: kafkaConfig(topic), batchSize: 500, report: () => undefined });
    closing.push(() => source.close());
    const read = new Map<number, RawRecord[]>();
    source.partitions$.pipe(mergeMap((partition) => partition.read(null))).subscribe({
      next: ({ source: { partition }, records }) => {
        const before = read.get(partition) ?? [];
        read.set(partition, [...before, ...records.map(({ value }) => value.copy())]);
      },
      error: (error: unknown) => {
        throw error;
      },
    });
    await source.start();
    await until('all is read', () => [...read.values()].reduce((sum, { length }) => sum + length, 0) >= count);
    return read;
  };

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
    'writes what it says it wrote, by key, in order: codec %s',
    async (codec) => {
      const topic = fresh();
      const args = ['--count', '3000', '--rate', '0', '--speed', '10', '--devices', '50', '--codec', codec];
      const summary = await produced(topic, ...args, '--bad', '0.05', '--late', '0.05', '--duplicate', '0.05');
      expect(summary).toMatchObject({ topic, partitions: 3, codec, sent: 3_000, isComplete: true });
      const total = (of: Readonly<Record<string, number>>): number =>
        Object.values(of).reduce((sum, count) => sum + count, 0);
      expect([total(summary.shapes), total(summary.kinds)]).toEqual([3_000, 3_000]);
      expect(Math.min(...Object.values(summary.shapes))).toBeGreaterThan(700);
      expect(summary.kinds.bad).toBeGreaterThan(90);
      const read = await readAll(topic, 3_000);
      expect([...read.values()].reduce((sum, { length }) => sum + length, 0)).toBe(3_000);
      for (const [partition, records] of read) {
        for (const { key } of records) expect(partitionOfKey(key ?? Buffer.alloc(0), 3)).toBe(partition);
        const times = records.map(({ timestampMs }) => timestampMs);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }
      const all = [...read.values()].flat().map(({ timestampMs }) => timestampMs);
      expect([Math.min(...all), Math.max(...all)]).toEqual([summary.fromMs, summary.toMs]);
      // Fifty devices, each once in ten seconds: sixty turns.
      expect((summary.toMs ?? 0) - (summary.fromMs ?? 0)).toBe(2_999 * 200);
    },
  );

  it('writes the same records for the same seed and start', async () => {
    const args = [
      '--count',
      '400',
      '--rate',
      '0',
      '--seed',
      '9',
      '--start',
      new Date(Date.now() - 3_600_000).toISOString(),
      '--bad',
      '0.1',
    ];
    const texts = async (): Promise<unknown> => {
      const topic = fresh();
      await produced(topic, ...args);
      const read = await readAll(topic, 400);
      return [0, 1, 2].map((partition) => read.get(partition)?.map(({ value }) => value?.toString('hex')));
    };
    expect(await texts()).toEqual(await texts());
  });

  it('refuses a topic that is not there, with what to do', async () => {
    await expect(weir('produce', '--topic', fresh(), '--count', '1')).rejects.toMatchObject({
      code: 'topic_missing',
      message: /--create-topic/,
    });
  });

  it('ends at Ctrl-C with what was sent', async () => {
    const args = [
      '--import',
      'tsx',
      'src/cli/weir.ts',
      'produce',
      '--topic',
      fresh(),
      '--create-topic',
      '--rate',
      '200',
    ];
    const child = spawn(process.execPath, args, { stdio: 'pipe' });
    let out = '';
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    const ended = once(child, 'exit');
    // It says how far it is every few seconds.
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(0);
    expect(out).toMatch(/^sent +\d+ records, then ended early$/m);
    expect(out).toMatch(/^took +\d+(\.\d+)? s, \d+ records\/s$/m);
  });
});
