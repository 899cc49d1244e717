import type { Subscription } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ServiceEvent } from '../../../../src/events.js';
import { Budget } from '../../../../src/sources/budget.js';
import { FetchedBatch } from '../../../../src/sources/kafka/wire/fetched-batch.js';
import { KafkaPartition } from '../../../../src/sources/kafka/partition.js';
import type { PartitionParts } from '../../../../src/sources/kafka/partition-parts.js';
import { Turns } from '../../../../src/sources/turns.js';
import type { Chunk } from '../../../../streams/model/chunk.js';
import type { RawRecord } from '../../../../streams/model/raw-record.js';
import { asOffset } from '../../../../streams/model/units.js';
import { plainBatch } from './wire/batches.js';

const source = { topic: 'telemetry', partition: 2 };

/** A partition on a log of our own making: the consumer's part is played by the test. */
class Rig {
  readonly told: string[] = [];
  readonly events: ServiceEvent[] = [];
  readonly queued: (() => void)[] = [];
  readonly chunks: Chunk<RawRecord>[] = [];
  readonly budget = new Budget(1_000, 10_000);
  ends = { low: asOffset(0), high: asOffset(1_000) };
  clock = 0;
  isComplete = false;
  onChunk: (chunk: Chunk<RawRecord>) => void = () => undefined;

  make(more: Partial<PartitionParts> = {}): KafkaPartition {
    return new KafkaPartition(source, 1, {
      fetching: {
        pause: () => void this.told.push('pause'),
        resumeAt: (_source, offset) => void this.told.push(`resume ${offset}`),
        ends: () => Promise.resolve(this.ends),
      },
      budget: this.budget,
      turns: new Turns({ sliceMs: 8, nowMs: () => this.clock, later: (run) => void this.queued.push(run) }),
      report: (event) => void this.events.push(event),
      history: { first: null, lostTo: null },
      reset: 'earliest',
      batchSize: 2,
      maxPollRecords: 100,
      maxBatchBytes: 100_000,
      nowMs: () => this.clock,
      ...more,
    });
  }

  async read(partition: KafkaPartition, from: number | null): Promise<Subscription> {
    const reading = partition.read(from === null ? null : asOffset(from)).subscribe({
      next: (chunk) => {
        this.chunks.push(chunk);
        this.onChunk(chunk);
      },
      complete: () => (this.isComplete = true),
      error: (error: unknown) => {
        throw error;
      },
    });
    await settle();
    return reading;
  }

  /** Offers what a fetch at `at` brought, and lets everything come to rest. */
  async fetch(partition: KafkaPartition, at: number, ...parts: readonly Buffer[]): Promise<void> {
    const data = { partition: source.partition, highWatermark: '1000', messages: Buffer.concat(parts) };
    const offered = partition.offer(new FetchedBatch(source.topic, String(at), data));
    this.goRound();
    await Promise.race([offered, settle()]);
  }

  goRound(): void {
    for (let run = this.queued.shift(); run !== undefined; run = this.queued.shift()) run();
  }

  get values(): readonly string[] {
    return this.chunks.flatMap(({ records }) => records.map(({ value }) => value.text()));
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('KafkaPartition', () => {
  let rig: Rig;
  beforeEach(() => {
    rig = new Rig();
  });

  it('fetches nothing before it is read, then from the offset wanted', async () => {
    const partition = rig.make();
    expect([rig.told, partition.status().phase]).toEqual([[], 'acquiring']);
    await rig.read(partition, 7);
    expect([rig.told, partition.status().phase, partition.fetchNext]).toEqual([['resume 7'], 'reading', 7]);
  });

  it('hands out chunks of the size wanted, each beginning where the last ended', async () => {
    const partition = rig.make();
    await rig.read(partition, 1);
    await rig.fetch(partition, 1, plainBatch(0, ['a', 'b', 'c', 'd', 'e', 'f']));
    expect(rig.chunks.map(({ records, next }) => [records.length, next])).toEqual([
      [2, 3],
      [2, 5],
      [1, 6],
    ]);
    expect(rig.values).toEqual(['b', 'c', 'd', 'e', 'f']);
    expect([partition.fetchNext, partition.status().next, partition.status().highWatermark]).toEqual([6, 6, 1_000]);
  });

  it('gives others their turn after as many records as may be polled at once', async () => {
    const turns = new Turns({ sliceMs: 8, nowMs: () => 0, later: (run) => void rig.queued.push(run) });
    const [one, other] = [rig.make({ maxPollRecords: 2, turns }), rig.make({ maxPollRecords: 2, turns })];
    await rig.read(one, 0);
    await rig.read(other, 0);
    const dataOf = (values: readonly string[]) => ({
      partition: 2,
      highWatermark: '4',
      messages: plainBatch(0, values),
    });
    void one.offer(new FetchedBatch(source.topic, '0', dataOf(['a', 'b', 'c', 'd'])));
    void other.offer(new FetchedBatch(source.topic, '0', dataOf(['1', '2', '3', '4'])));
    rig.goRound();
    expect(rig.values.join('')).toBe('ab12cd34');
  });

  it('refuses what was fetched from elsewhere, looks where the log is, and seeks back', async () => {
    const partition = rig.make();
    await rig.read(partition, 10);
    await rig.fetch(partition, 15, plainBatch(15, ['skipped ahead']));
    await settle();
    expect(rig.values).toEqual([]);
    expect(rig.told).toEqual(['resume 10', 'pause', 'resume 10']);
    expect(rig.events).toEqual([{ _tag: 'position_moved', source, from: 10, to: 15 }]);
    await rig.fetch(partition, 10, plainBatch(10, ['right']));
    expect(rig.values).toEqual(['right']);
  });

  it('counts what the log lost while it was read, and settles the loss', async () => {
    const partition = rig.make();
    await rig.read(partition, 10);
    rig.ends = { low: asOffset(25), high: asOffset(1_000) };
    await rig.fetch(partition, 25, plainBatch(25, ['first that is left']));
    await settle();
    expect(rig.events).toMatchObject([{ _tag: 'data_loss', from: 10, to: 25, records: 15 }]);
    expect(rig.chunks.map(({ records, next }) => [records.length, next])).toEqual([[0, 25]]);
    expect(rig.told.at(-1)).toBe('resume 25');
  });

  it('settles the end of the log at once when it begins there', async () => {
    const partition = rig.make({ reset: 'latest' });
    await rig.read(partition, null);
    expect(rig.chunks.map(({ records, next }) => [records.length, next])).toEqual([[0, 1_000]]);
    expect(rig.told).toEqual(['resume 1000']);
  });

  it('holds what it fetched back once too many bytes are out, and goes on without fetching it again', async () => {
    const partition = rig.make();
    await rig.read(partition, 0);
    const values = Array.from({ length: 20 }, (_, i) => String(i).padStart(190, '.'));
    await rig.fetch(partition, 0, plainBatch(0, values));
    expect([rig.values.length, rig.told, partition.status().phase]).toEqual([6, ['resume 0', 'pause'], 'paused']);
    expect(rig.budget.used).toBeLessThan(1_000 + 2 * 210);
    while (rig.values.length < 20) {
      const next = rig.chunks.at(-1)?.next ?? asOffset(0);
      partition.settled(next);
      rig.goRound();
      expect(rig.budget.used).toBeLessThan(1_000 + 2 * 210);
    }
    expect(rig.values).toEqual(values);
    partition.settled(asOffset(20));
    rig.goRound();
    expect([rig.told, rig.budget.used]).toEqual([['resume 0', 'pause', 'resume 20'], 0]);
  });

  it('lets the consumer go as soon as it holds a fetch back', async () => {
    const partition = rig.make();
    await rig.read(partition, 0);
    const data = {
      partition: 2,
      highWatermark: '20',
      messages: plainBatch(
        0,
        Array.from({ length: 20 }, () => 'x'.repeat(190)),
      ),
    };
    const offered = partition.offer(new FetchedBatch(source.topic, '0', data));
    rig.goRound();
    await offered;
    expect(partition.fetchNext).toBeNull();
  });

  it('delivers what lies before a batch that can not be read, and halts there', async () => {
    const partition = rig.make();
    await rig.read(partition, 0);
    const broken = plainBatch(3, ['x']);
    broken.writeUInt8(1, broken.length - 1);
    await rig.fetch(partition, 0, plainBatch(0, ['a', 'b', 'c']), broken, plainBatch(4, ['never']));
    expect(rig.values).toEqual(['a', 'b', 'c']);
    expect(rig.events).toMatchObject([{ _tag: 'partition_halted', source, offset: 3 }]);
    expect(partition.status()).toMatchObject({ phase: 'halted', next: 3 });
    expect(rig.told.at(-1)).toBe('pause');
    await rig.fetch(partition, 3, plainBatch(4, ['never']));
    expect(rig.values).toEqual(['a', 'b', 'c']);
  });

  it('stops in the middle of a fetch when it is taken away', async () => {
    const partition = rig.make();
    await rig.read(partition, 0);
    rig.onChunk = () => partition.end();
    await rig.fetch(partition, 0, plainBatch(0, ['a', 'b', 'c', 'd', 'e']));
    expect(rig.values).toEqual(['a', 'b']);
    expect([rig.isComplete, partition.isAssigned, rig.budget.used]).toEqual([true, false, 0]);
    rig.isComplete = false;
    await rig.read(partition, 2);
    expect([rig.isComplete, rig.told]).toEqual([true, ['resume 0', 'pause']]);
  });

  it('reads again from where it is told, forgetting what it held', async () => {
    const partition = rig.make();
    const first = await rig.read(partition, 0);
    await rig.fetch(
      partition,
      0,
      plainBatch(
        0,
        Array.from({ length: 20 }, (_, i) => String(i).padStart(190, '.')),
      ),
    );
    first.unsubscribe();
    expect([rig.budget.used, partition.status().phase]).toEqual([0, 'acquiring']);
    await rig.read(partition, 4);
    await rig.fetch(partition, 4, plainBatch(4, ['again']));
    expect([rig.told, rig.values.at(-1)]).toEqual([['resume 0', 'pause', 'resume 4'], 'again']);
  });

  it('fetches nothing while the store refuses, and completes when it drains', async () => {
    const partition = rig.make();
    await rig.read(partition, 0);
    partition.pause('store_refused');
    expect(partition.status()).toMatchObject({ phase: 'paused', reason: 'store_refused' });
    await rig.fetch(partition, 0, plainBatch(0, ['late']));
    expect(rig.values).toEqual([]);
    partition.resume();
    expect(rig.told).toEqual(['resume 0', 'pause', 'resume 0']);
    expect(rig.events.map(({ _tag }) => _tag)).toEqual(['partition_paused', 'partition_resumed']);
    partition.drain();
    expect([rig.isComplete, partition.isAssigned]).toEqual([true, true]);
  });

  it('is silent only while something should come and does not', async () => {
    const partition = rig.make();
    rig.clock = 100;
    expect(partition.silentForMs).toBe(0);
    await rig.read(partition, 0);
    rig.clock = 150;
    expect(partition.silentForMs).toBe(50);
    await rig.fetch(partition, 0);
    expect(partition.silentForMs).toBe(0);
    partition.pause('store_refused');
    rig.clock = 900;
    expect(partition.silentForMs).toBe(0);
    partition.resume();
    expect(partition.silentForMs).toBe(0);
  });
});
