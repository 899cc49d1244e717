import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Partition } from '../../src/ports.js';
import type { Chunk } from '../../streams/model/chunk.js';
import type { RawRecord } from '../../streams/model/raw-record.js';
import { asOffset } from '../../streams/model/units.js';
import {
  Ledger,
  type MemberOptions,
  numbered,
  type OpenSource,
  Reader,
  Reading,
  roomy,
  type SourceHarness,
  textsOf,
  until,
} from './source-fixtures.js';

/** What every `PartitionSource` does, on a log that is real to it. `open` gives each test a topic and a group of its own. */
export const sourceConformance = (name: string, open: OpenSource): void => {
  describe(`${name} as a source`, () => {
    let harness: SourceHarness;
    let readers: Reader[];

    const opened = async (partitions: number): Promise<void> => {
      harness = await open({ partitions });
    };
    const join = async (
      options: Partial<MemberOptions> = {},
      onPartition: (partition: Partition) => void = () => undefined,
    ): Promise<Reader> => {
      const reader = new Reader(harness, options, onPartition);
      readers.push(reader);
      await reader.source.start();
      return reader;
    };
    /** A member that has all partitions. */
    const alone = async (partitions: number, options: Partial<MemberOptions> = {}): Promise<Reader> => {
      const reader = await join(options);
      await until('all partitions are assigned', () => reader.partitions.length >= partitions);
      return reader;
    };
    /** A member that reads all it is assigned, from where the ledger says; `settle` puts a chunk there. */
    const working = (
      ledger: Ledger,
      onChunk: (chunk: Chunk<RawRecord>, partition: Partition, settle: () => void) => void = (_c, _p, settle) =>
        settle(),
    ): Promise<Reader> =>
      join({}, (partition) => {
        const { epoch, next } = ledger.acquire(partition.source.partition);
        new Reading(partition, next).onChunk = (chunk) => {
          onChunk(chunk, partition, () => {
            if (ledger.commit(epoch, chunk)) partition.settled(chunk.next);
          });
        };
      });

    beforeEach(() => {
      readers = [];
    });
    afterEach(async () => {
      for (const { source } of readers) await source.close();
      await harness.close();
    });

    it('hands out every record in order, in chunks that follow one another without a gap', async () => {
      await opened(2);
      const sent = [numbered(0, 200), numbered(1_000, 1_150)];
      for (const [partition, records] of sent.entries()) await harness.produce(partition, records);
      const reader = await alone(2);
      const readings = [reader.read(0, null), reader.read(1, null)];
      await until('all is read', () => readings[0]?.next === 200 && readings[1]?.next === 150);
      for (const [i, reading] of readings.entries()) {
        expect(reading.texts).toEqual(textsOf(sent[i] ?? []));
        let at = 0;
        for (const chunk of reading.chunks) {
          expect(chunk.source).toEqual({ topic: harness.topic, partition: i });
          expect(chunk.records.length).toBeLessThanOrEqual(roomy.batchSize);
          expect(chunk.read).toBe(chunk.records.length);
          expect(chunk.records.map(({ value }) => value.offset)).toEqual(chunk.records.map((_, j) => at + j));
          at += chunk.records.length;
          expect(chunk.next).toBe(at);
        }
      }
      expect(reader.error).toBeNull();
    });

    it('goes on with what is written later, and brings nothing from an empty topic', async () => {
      await opened(1);
      const reader = await alone(1);
      const reading = reader.read(0, null);
      await until('it reads', () => reader.statusOf(0)?.phase === 'reading');
      expect(reading.chunks).toEqual([]);
      await harness.produce(0, numbered(0, 3));
      await until('the first three are read', () => reading.next === 3);
      await harness.produce(0, numbered(3, 5));
      await until('the others are read', () => reading.next === 5);
      expect(reading.texts).toEqual(['0', '1', '2', '3', '4']);
    });

    it('keeps null keys, null values, empty ones, headers and timestamps as they were', async () => {
      await opened(1);
      const timestampMs = Date.now() - 5_000;
      await harness.produce(0, [
        { key: null, value: 'no key', timestampMs },
        { key: 'tombstone', value: null, timestampMs: timestampMs + 1 },
        { key: '', value: '', timestampMs: timestampMs + 2 },
        {
          key: 'ключ',
          value: '值 °C',
          headers: { trace: Buffer.from('abc'), ünï: Buffer.from([0, 255]) },
          timestampMs: timestampMs + 3,
        },
      ]);
      const reading = (await alone(1)).read(0, null);
      await until('all is read', () => reading.next === 4);
      const seen = reading.records.map((record) => [record.key?.toString() ?? null, record.value?.toString() ?? null]);
      expect(seen).toEqual([
        [null, 'no key'],
        ['tombstone', null],
        ['', ''],
        ['ключ', '值 °C'],
      ]);
      expect(reading.records.map((record) => record.timestampMs - timestampMs)).toEqual([0, 1, 2, 3]);
      expect(reading.records.map(({ headers }) => Object.keys(headers).length)).toEqual([0, 0, 0, 2]);
      expect(reading.records[3]?.headers).toEqual({ trace: Buffer.from('abc'), ünï: Buffer.from([0, 255]) });
    });

    it('reads nothing before it is asked to, and from exactly the offset wanted', async () => {
      await opened(1);
      await harness.produce(0, numbered(0, 50));
      const reader = await alone(1);
      expect(reader.statusOf(0)).toMatchObject({ phase: 'acquiring', next: null, settled: null, unsettledBytes: 0 });
      const reading = reader.read(0, 31);
      await until('the rest is read', () => reading.next === 50);
      expect(reading.texts).toEqual(textsOf(numbered(31, 50)));
    });

    it('begins at the end when nothing was settled and the newest are wanted, and says so at once', async () => {
      await opened(1);
      await harness.produce(0, numbered(0, 20));
      const reader = await alone(1, { autoOffsetReset: 'latest' });
      const reading = reader.read(0, null);
      await until('the beginning is told', () => reading.chunks.length === 1);
      expect([reading.next, reading.texts]).toEqual([20, []]);
      await harness.produce(0, numbered(20, 22));
      await until('what came later is read', () => reading.next === 22);
      expect(reading.texts).toEqual(['20', '21']);
    });

    it('reads again from where it is told after it was unsubscribed', async () => {
      await opened(1);
      await harness.produce(0, numbered(0, 40));
      const reader = await alone(1);
      const first = reader.read(0, null);
      await until('all is read', () => first.next === 40);
      first.stop();
      const second = reader.read(0, 5);
      await until('it is read again', () => second.next === 40);
      expect(second.texts).toEqual(textsOf(numbered(5, 40)));
      expect(first.isComplete).toBe(false);
    });

    it('stops in the middle when it is unsubscribed, and holds nothing then', async () => {
      await opened(2);
      await harness.produce(0, numbered(0, 100));
      const reader = await alone(2);
      const [reading, other] = [reader.read(0, null), reader.read(1, null)];
      reading.onChunk = () => {
        if (reading.chunks.length === 2) reading.stop();
      };
      await until('it stopped', () => reading.chunks.length === 2);
      expect(reader.statusOf(0)).toMatchObject({ phase: 'acquiring', unsettledBytes: 0 });
      await harness.produce(0, numbered(100, 110));
      await harness.produce(1, numbered(0, 10));
      await until('the other partition goes on', () => other.next === 10);
      expect(reading.next).toBe(14);
    });

    it('hands out no more than may be unsettled, and goes on as it is settled', async () => {
      await opened(1);
      const records = numbered(0, 300, 100);
      await harness.produce(0, records);
      const maxPartitionBytes = 3_000;
      const reader = await alone(1, { maxPartitionBytes, batchSize: 5 });
      const reading = reader.read(0, null);
      const chunkBytes = 5 * 200;
      let settled = 0;
      let most = 0;
      reading.onChunk = () => {
        most = Math.max(most, reading.bytesAfter(settled));
        expect(reader.statusOf(0)?.unsettledBytes).toBeLessThan(maxPartitionBytes + chunkBytes);
      };
      while (settled < 300) {
        await until('it is full, or at the end', () => reader.statusOf(0)?.phase === 'paused' || reading.next === 300);
        settled = reading.next ?? 0;
        reading.settle();
      }
      await until('all is read', () => reading.next === 300);
      expect(reading.texts).toEqual(textsOf(records));
      expect(most).toBeLessThan(maxPartitionBytes + chunkBytes);
      expect(most).toBeGreaterThan(maxPartitionBytes / 3);
    });

    it('bounds all partitions together, and starves none of them', async () => {
      await opened(3);
      for (const partition of [0, 1, 2]) await harness.produce(partition, numbered(0, 100, 100));
      const reader = await alone(3, { maxTotalBytes: 3_000, batchSize: 5 });
      const readings = [0, 1, 2].map((partition) => reader.read(partition, null));
      const held = (): number => reader.source.status().partitions.reduce((sum, one) => sum + one.unsettledBytes, 0);
      for (const reading of readings) reading.onChunk = () => expect(held()).toBeLessThan(3_000 + 5 * 200);
      const isFull = (): boolean => reader.source.status().partitions.every(({ phase }) => phase === 'paused');
      const isDone = (): boolean => readings.every(({ next }) => next === 100);
      while (!isDone()) {
        await until('all wait for room, or are done', () => isFull() || isDone());
        for (const reading of readings) reading.settle();
      }
      for (const reading of readings) expect(reading.texts).toEqual(textsOf(numbered(0, 100, 100)));
    });

    it('pauses and resumes without losing its place', async () => {
      await opened(2);
      await harness.produce(0, numbered(0, 100));
      const reader = await alone(2);
      const [reading, other] = [reader.read(0, null), reader.read(1, null)];
      reading.onChunk = () => {
        if (reading.chunks.length === 3) reading.partition.pause('store_refused');
      };
      await until('it paused', () => reader.statusOf(0)?.reason === 'store_refused');
      await harness.produce(0, numbered(100, 120));
      await harness.produce(1, numbered(0, 10));
      await until('the other partition goes on', () => other.next === 10);
      const before = reading.chunks.length;
      expect(reading.next).toBeLessThan(120);
      reading.partition.resume();
      await until('it went on', () => reading.next === 120);
      expect(reading.chunks.length).toBeGreaterThan(before);
      expect(reading.texts).toEqual(textsOf(numbered(0, 120)));
      const told = reader.events.filter(({ _tag }) => _tag === 'partition_paused' || _tag === 'partition_resumed');
      expect(told.map(({ _tag }) => _tag)).toEqual(['partition_paused', 'partition_resumed']);
    });

    it('takes partitions away in the middle of a chunk, and every record counts once all the same', async () => {
      await opened(4);
      for (const partition of [0, 1, 2, 3]) await harness.produce(partition, numbered(0, 100));
      const ledger = new Ledger();
      const withheld: (() => void)[] = [];
      // The first one settles two chunks of each partition; the third stays in flight until the partition is gone.
      const handed = new Map<Partition, number>();
      let isAlone = true;
      const first = await working(ledger, (_chunk, partition, settle) => {
        const count = (handed.get(partition) ?? 0) + 1;
        handed.set(partition, count);
        if (!isAlone || count <= 2) settle();
        else withheld.push(settle);
      });
      await until(
        'chunks are in flight on all partitions',
        () => [...handed.values()].filter((count) => count > 2).length === 4,
      );
      const before = [...first.partitions];
      isAlone = false;
      const second = await working(ledger);
      await until('the group was rebalanced', () => before.every(({ isAssigned }) => !isAssigned));
      await until('all partitions have a new owner', () =>
        [0, 1, 2, 3].every((partition) => ledger.of(partition).epoch > 1),
      );
      for (const settle of withheld) settle();
      for (const partition of before) partition.settled(asOffset(21));
      await until('all is settled', () => ledger.count >= 400);
      for (const partition of [0, 1, 2, 3]) expect(ledger.of(partition).texts).toEqual(textsOf(numbered(0, 100)));
      expect(ledger.fenced).toBe(withheld.length);
      const [own, others] = [first, second].map(({ source }) => source.status().partitions.length);
      expect([own, others]).toEqual([2, 2]);
      const sessions = first.partitions.map(({ session }) => session);
      expect(Math.max(...sessions)).toBeGreaterThan(Math.min(...sessions));
    });

    it('gives the partitions of a member that leaves to those that stay', async () => {
      await opened(2);
      const ledger = new Ledger();
      const staying = await working(ledger);
      const leaving = await working(ledger);
      await until('both have one', () =>
        [staying, leaving].every(({ source }) => source.status().partitions.length === 1),
      );
      await harness.produce(0, numbered(0, 30));
      await harness.produce(1, numbered(0, 30));
      await until('all is settled', () => ledger.count === 60);
      await leaving.source.close();
      await until('one has both', () => staying.source.status().partitions.length === 2);
      await harness.produce(0, numbered(30, 40));
      await harness.produce(1, numbered(30, 40));
      await until('all is settled', () => ledger.count === 80);
      for (const partition of [0, 1]) expect(ledger.of(partition).texts).toEqual(textsOf(numbered(0, 40)));
    });

    it('goes on in another process where the last one had settled', async () => {
      await opened(1);
      await harness.produce(0, numbered(0, 60));
      const first = await alone(1);
      const reading = first.read(0, null);
      await until('all is read', () => reading.next === 60);
      first.of(0).settled(asOffset(23));
      expect(first.statusOf(0)?.settled).toBe(23);
      await first.source.close();
      expect(reading.isComplete).toBe(true);
      const second = await alone(1);
      const again = second.read(0, 23);
      await until('the rest is read', () => again.next === 60);
      expect(again.texts).toEqual(textsOf(numbered(23, 60)));
    });

    it('ends: a drain completes what is read and keeps what is assigned; closing gives it up', async () => {
      await opened(2);
      await harness.produce(0, numbered(0, 20));
      const reader = await alone(2);
      const readings = [reader.read(0, null), reader.read(1, null)];
      await until('all is read', () => readings[0]?.next === 20);
      expect(reader.source.status().isReady).toBe(true);
      reader.source.drain();
      expect(readings.map(({ isComplete }) => isComplete)).toEqual([true, true]);
      expect([reader.isComplete, reader.error]).toEqual([true, null]);
      expect(reader.partitions.map(({ isAssigned }) => isAssigned)).toEqual([true, true]);
      expect(reader.source.status().isReady).toBe(false);
      readings[0]?.settle();
      expect(reader.statusOf(0)?.settled).toBe(20);
      expect(reader.read(0, 0).isComplete).toBe(true);
      await reader.source.close();
      expect(reader.partitions.map(({ isAssigned }) => isAssigned)).toEqual([false, false]);
      await reader.source.close();
    });

    it('counts exactly what disappeared before it was read, once, and settles the gap', async () => {
      await opened(1);
      await harness.produce(0, numbered(0, 50));
      await harness.deleteBefore(0, 30);
      const reader = await alone(1);
      const reading = reader.read(0, 10);
      await until('the rest is read', () => reading.next === 50);
      expect(reading.texts).toEqual(textsOf(numbered(30, 50)));
      expect(reading.chunks[0]).toMatchObject({ records: [], next: 30 });
      reading.stop();
      const again = reader.read(0, 10);
      await until('the rest is read again', () => again.next === 50);
      const losses = reader.events.filter(({ _tag }) => _tag === 'data_loss');
      expect(losses).toMatchObject([{ from: 10, to: 30, records: 20, source: { topic: harness.topic, partition: 0 } }]);
    });

    it('knows how far it is and where the log ends', async () => {
      await opened(1);
      const timestampMs = Date.now() - 1_000;
      await harness.produce(
        0,
        numbered(0, 20).map((record) => ({ ...record, timestampMs })),
      );
      const reader = await alone(1);
      const reading = reader.read(0, null);
      await until('all is read', () => reading.next === 20);
      reader.of(0).settled(asOffset(14));
      expect(reader.statusOf(0)).toMatchObject({
        source: { topic: harness.topic, partition: 0 },
        phase: 'reading',
        reason: null,
        next: 20,
        settled: 14,
        highWatermark: 20,
        lastTimestampMs: timestampMs,
      });
      expect(reader.statusOf(0)?.unsettledBytes).toBeGreaterThan(0);
      reading.settle();
      expect(reader.statusOf(0)).toMatchObject({ settled: 20, unsettledBytes: 0 });
    });
  });
};
