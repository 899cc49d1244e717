import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { asOffset } from '../../../../../streams/model/units.js';
import { shrinkers, type Compression } from '../../../../../src/sources/kafka/wire/compression/codecs.js';
import { zstdReady } from '../../../../../src/sources/kafka/wire/compression/zstd.js';
import { RecordSetReader } from '../../../../../src/sources/kafka/wire/record-set.js';
import { encodeBatch, marker, plainBatch, wrapped } from './batches.js';

const maxBatchBytes = 1_000_000;
const readerOf = (
  parts: readonly Buffer[],
  from = 0,
  aborted: ConstructorParameters<typeof RecordSetReader>[0]['aborted'] = [],
) => new RecordSetReader({ bytes: Buffer.concat(parts), aborted }, { from: asOffset(from), maxBatchBytes });
const texts = (reader: RecordSetReader, max = 1_000_000): string[] => reader.take(max).map((record) => record.text());

beforeAll(zstdReady);

describe('RecordSetReader', () => {
  it('takes records in order, as many at a time as wanted, across batches', () => {
    const reader = readerOf([plainBatch(0, ['a', 'b', 'c']), plainBatch(3, ['d', 'e'])]);
    expect(texts(reader, 2)).toEqual(['a', 'b']);
    expect(reader.next).toBe(2);
    expect(texts(reader, 2)).toEqual(['c', 'd']);
    expect(texts(reader, 2)).toEqual(['e']);
    expect([reader.next, reader.isDone, reader.fault]).toEqual([5, true, null]);
  });

  it('leaves out what lies below the wanted offset', () => {
    const reader = readerOf([plainBatch(0, ['a', 'b']), plainBatch(2, ['c', 'd', 'e'])], 3);
    expect(texts(reader)).toEqual(['d', 'e']);
    expect(reader.next).toBe(5);
  });

  it('moves past records that compaction took away, also past an emptied batch', () => {
    const reader = readerOf([
      encodeBatch({ baseOffset: 10, lastOffsetDelta: 9, records: [{ offsetDelta: 4, value: Buffer.from('x') }] }),
      encodeBatch({ baseOffset: 20, lastOffsetDelta: 14, records: [] }),
    ]);
    const [record] = reader.take(10);
    expect(record?.offset).toBe(14);
    expect([reader.next, reader.isDone]).toEqual([35, true]);
  });

  it('leaves out markers and aborted transactions, and keeps a committed key of four zero bytes', () => {
    const zeroKey = { offsetDelta: 0, key: Buffer.alloc(4), value: Buffer.from('y with key 0') };
    const parts = [
      plainBatch(0, ['committed'], { producerId: 7, isTransactional: true }),
      marker(1, 7, 'commit'),
      plainBatch(2, ['x1', 'x2'], { producerId: 7, isTransactional: true }),
      plainBatch(4, ['plain']),
      marker(5, 7, 'abort'),
      encodeBatch({ baseOffset: 6, producerId: 7, isTransactional: true, records: [zeroKey] }),
      plainBatch(7, ['y2'], { producerId: 7, isTransactional: true }),
      marker(8, 7, 'abort'),
      encodeBatch({ baseOffset: 9, producerId: 7, isTransactional: true, records: [zeroKey] }),
      marker(10, 7, 'commit'),
    ];
    const reader = readerOf(parts, 0, [
      { producerId: '7', firstOffset: '6' },
      { producerId: '7', firstOffset: '2' },
    ]);
    expect(texts(reader)).toEqual(['committed', 'plain', 'y with key 0']);
    expect(reader.next).toBe(11);
  });

  it('knows a transaction that began below the wanted offset', () => {
    const parts = [
      plainBatch(0, ['x1', 'x2', 'x3'], { producerId: 9, isTransactional: true }),
      marker(3, 9, 'abort'),
      plainBatch(4, ['z']),
    ];
    expect(texts(readerOf(parts, 2, [{ producerId: '9', firstOffset: '0' }]))).toEqual(['z']);
  });

  it('stops quietly before a batch that is cut off, wherever the cut is', () => {
    const whole = plainBatch(0, ['a']);
    const cut = plainBatch(1, ['b']);
    for (let length = 0; length < cut.length; length++) {
      const reader = readerOf([whole, cut.subarray(0, length)]);
      expect(texts(reader)).toEqual(['a']);
      expect([reader.next, reader.fault, reader.isDone]).toEqual([1, null, true]);
    }
  });

  it('gives more records than a call could take as arguments', () => {
    const values = Array.from({ length: 200_000 }, (_, i) => String(i));
    const big = new RecordSetReader(
      { bytes: plainBatch(0, values, { codec: 'gzip' }), aborted: [] },
      { from: asOffset(0), maxBatchBytes: 16_000_000 },
    );
    expect(texts(big)).toEqual(values);
    expect(big.next).toBe(200_000);
  });

  it('stops at a wrong checksum and delivers what lies before it', () => {
    const broken = plainBatch(2, ['c', 'd']);
    broken.writeUInt8(broken.readUInt8(broken.length - 1) ^ 1, broken.length - 1);
    const reader = readerOf([plainBatch(0, ['a', 'b']), broken, plainBatch(4, ['e'])]);
    expect(texts(reader)).toEqual(['a', 'b']);
    expect(reader.fault).toContain('checksum');
    expect([reader.next, reader.isDone]).toEqual([2, true]);
    expect(texts(reader)).toEqual([]);
  });

  it.each([0, 1])('refuses message format v%i in clear words', (magic) => {
    const old = plainBatch(0, ['a']);
    old.writeInt8(magic, 16);
    const reader = readerOf([old]);
    expect(texts(reader)).toEqual([]);
    expect(reader.fault).toContain(`message format v${magic}`);
  });

  it.each(['gzip', 'snappy', 'snappy_framed', 'lz4', 'zstd'] as const)(
    'reads %s, and stops at a batch that expands beyond the cap',
    (codec: Compression) => {
      const values = Array.from({ length: 300 }, (_, i) => `reading ${i} of a device with some text that repeats`);
      const bomb = plainBatch(300, ['0'.repeat(maxBatchBytes + 1)], { codec });
      expect(bomb.length).toBeLessThan(100_000);
      const reader = readerOf([plainBatch(0, values, { codec }), bomb, plainBatch(301, ['never'])]);
      expect(texts(reader)).toEqual(values);
      expect(reader.fault).toMatch(/expands beyond|within 1000000 bytes/);
      expect(reader.next).toBe(300);
    },
  );

  it.each([1, 2, 3, 4, 5])('stops at a body that is not what codec %i makes', (codec) => {
    const body = Buffer.from('this was never compressed by anybody, whatever the batch says');
    const spec = { baseOffset: 0, records: [{ offsetDelta: 0 }] };
    const reader = readerOf([wrapped(spec, codec, body)]);
    expect(reader.take(10)).toEqual([]);
    expect(reader.fault).not.toBeNull();
  });

  it('stops when a batch holds more bytes, or fewer, than its records', () => {
    const record = Buffer.from('0c000000020a00', 'hex');
    const tooMany = readerOf([
      wrapped({ baseOffset: 0, records: [{ offsetDelta: 0 }] }, 1, gzipSync(Buffer.concat([record, record]))),
    ]);
    expect(tooMany.take(10).length).toBeLessThanOrEqual(1);
    expect(tooMany.fault).not.toBeNull();
    const tooFew = readerOf([wrapped({ baseOffset: 0, records: [{ offsetDelta: 0 }, { offsetDelta: 1 }] }, 0, record)]);
    tooFew.take(10);
    expect(tooFew.fault).not.toBeNull();
  });

  it('gives the broker time where the topic says so, else the producer time', () => {
    const records = [{ offsetDelta: 0, timestampDelta: 250, value: Buffer.from('a') }];
    const times = { baseOffset: 0, firstTimestampMs: 1_000, maxTimestampMs: 9_000, records };
    expect(readerOf([encodeBatch(times)]).take(1)[0]?.timestampMs).toBe(1_250);
    expect(readerOf([encodeBatch({ ...times, isLogAppendTime: true })]).take(1)[0]?.timestampMs).toBe(9_000);
    expect(
      readerOf([encodeBatch({ ...times, records: [{ offsetDelta: 0, timestampDelta: -300 }] })]).take(1)[0]
        ?.timestampMs,
    ).toBe(700);
  });

  it('collects the values of a header that occurs more than once, whatever it is called', () => {
    const headers = [
      ['trace', Buffer.from('1')],
      ['trace', Buffer.from('2')],
      ['none', null],
      ['__proto__', Buffer.from('p')],
    ] as const;
    const [record] = readerOf([encodeBatch({ baseOffset: 0, records: [{ offsetDelta: 0, headers }] })]).take(1);
    expect(Object.entries(record?.headers ?? {})).toEqual([
      ['trace', [Buffer.from('1'), Buffer.from('2')]],
      ['none', null],
      ['__proto__', Buffer.from('p')],
    ]);
  });

  it('counts the bytes its records occupy once expanded', () => {
    const reader = readerOf([plainBatch(0, ['x'.repeat(500), 'y'.repeat(500)], { codec: 'gzip' })]);
    reader.take(1);
    expect(reader.bytesTaken).toBeGreaterThan(500);
    expect(reader.bytesTaken).toBeLessThan(520);
    reader.take(1);
    expect(reader.bytesTaken).toBeGreaterThan(1_000);
  });

  it('knows an encoder for each codec but none', () => {
    expect(Object.keys(shrinkers)).toEqual(['1', '2', '3', '4', '10']);
  });
});
