import { beforeAll, describe, expect, it } from 'vitest';
import type { ServiceEvent } from '../../src/events.js';
import type { DeadLetterSink } from '../../src/ports.js';
import { ensureTopic, partitionsOf } from '../../src/sources/kafka/admin.js';
import { kafkaDeadLetters } from '../../src/sources/kafka/writing/dead-letters.js';
import { RawRecord } from '../../streams/model/raw-record.js';
import type { DeadLetter, Rejection } from '../../streams/model/rejection.js';
import { asOffset } from '../../streams/model/units.js';
import { freshName, kafkaConfig, readTopic, type Seen, until } from './kafka-fixtures.js';

const notJson: Rejection = { _tag: 'not_json', message: 'unexpected end at 12' };

const letter = (
  offset: number,
  more: Partial<Parameters<typeof RawRecord.of>[0]> = {},
  rejection: Rejection = notJson,
): DeadLetter => ({
  origin: RawRecord.of({
    offset: asOffset(offset),
    timestampMs: 1_700_000_000_123,
    key: 'dev-1',
    value: `v${offset}`,
    ...more,
  }),
  rejection,
});

describe('dead letters on a real broker', () => {
  let topic: string;
  let sink: DeadLetterSink;
  const events: ServiceEvent[] = [];
  let seen: readonly Seen[] = [];

  beforeAll(async () => {
    topic = freshName('source');
    const config = kafkaConfig(topic);
    await ensureTopic(config, topic, 3);
    sink = kafkaDeadLetters({ config, report: (event) => void events.push(event) });
    await sink.open();
    const reading = await readTopic(config, `${topic}.dlq`);
    seen = reading.seen;
    return async () => {
      await reading.close();
      await sink.close();
    };
  });

  const arrived = async (partition: number, count: number): Promise<readonly RawRecord[]> => {
    const there = (): RawRecord[] => seen.filter((one) => one.partition === partition).map(({ record }) => record);
    await until('the letters arrive', () => there().length >= count);
    return there();
  };

  it('makes the topic with as many partitions as the source has, and says that it is ready', async () => {
    expect(await partitionsOf(kafkaConfig(topic), `${topic}.dlq`)).toBe(3);
    expect(await sink.health()).toEqual({ isReady: true, detail: 'open' });
  });

  it('keeps bytes, key and headers as they were and says where from and why', async () => {
    const value = Buffer.from([0x7b, 0xff, 0x00, 0xfe]);
    const headers = { trace: Buffer.from('abc'), twice: [Buffer.from('1'), Buffer.from('2')] };
    await sink.write({ topic, partition: 2 }, [
      letter(41, { value, headers }),
      letter(42, { key: null, value: '' }, { _tag: 'schema', path: '/value', message: 'expected a number' }),
      letter(43, { key: Buffer.alloc(0) }, { _tag: 'late', lateByMs: 9, message: '9 ms too late' }),
    ]);
    const [first, second, third] = await arrived(2, 3);
    expect([first?.key?.toString(), first?.value]).toEqual(['dev-1', value]);
    const named = (source: RawRecord | undefined): unknown =>
      Object.fromEntries(Object.entries(source?.headers ?? {}).map(([name, held]) => [name, String(held)]));
    expect(named(first)).toEqual({
      trace: 'abc',
      twice: '1,2',
      '__connect.errors.topic': topic,
      '__connect.errors.partition': '2',
      '__connect.errors.offset': '41',
      '__connect.errors.timestamp': '1700000000123',
      '__connect.errors.stage': 'parse',
      '__connect.errors.exception.class.name': 'not_json',
      '__connect.errors.exception.message': 'unexpected end at 12',
    });
    expect([second?.key, second?.value]).toEqual([null, Buffer.alloc(0)]);
    expect(named(second)).toMatchObject({
      '__connect.errors.stage': 'parse',
      '__connect.errors.exception.message': '/value: expected a number',
    });
    expect(third?.key).toEqual(Buffer.alloc(0));
    expect(named(third)).toMatchObject({
      '__connect.errors.stage': 'watermark',
      '__connect.errors.exception.class.name': 'late',
    });
  });

  it('keeps many in order, over several sends', async () => {
    const letters = Array.from({ length: 3_000 }, (_, i) => letter(i, { value: `${i}`.padEnd(300, 'x') }));
    await sink.write({ topic, partition: 0 }, letters);
    const kept = await arrived(0, 3_000);
    expect(kept.map(({ headers }) => Number(String(headers['__connect.errors.offset'])))).toEqual(
      letters.map((_, i) => i),
    );
  });

  it('keeps the beginning of one that the topic does not take whole, and all others entire', async () => {
    const tooLarge = letter(7, { value: 'y'.repeat(2_000_000) });
    await sink.write({ topic, partition: 1 }, [letter(6), tooLarge, letter(8)]);
    const kept = await arrived(1, 3);
    expect(kept.map(({ valueLength }) => valueLength)).toEqual([2, 64 * 1024, 2]);
    expect(String(kept[1]?.headers['__connect.errors.truncated'])).toBe('2000000');
    expect(events).toEqual([]);
  });
});
