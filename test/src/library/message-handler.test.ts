import type { EachMessageHandler } from 'kafkajs';
import { describe, expect, test } from 'vitest';
import { type ConsumedMessage, createMessageHandler, type ProcessedData } from '../../../src/index.js';
import { bytesOf, ingestMs } from '../../streams/fixtures.js';

const consumed = (file: string | null, offset: number, partition = 0): ConsumedMessage => ({
  topic: 'device-data',
  partition,
  message: {
    key: null,
    value: file === null ? null : bytesOf(file),
    timestamp: String(ingestMs),
    offset: String(offset),
  },
});

const handling = () => {
  const seen: [offset: string, ProcessedData][] = [];
  const handler = createMessageHandler({
    onProcessed: (processed, { message }) => void seen.push([message.offset, processed]),
  });
  return { handler, seen, tags: () => seen.map(([offset, { _tag }]) => `${offset} ${_tag}`) };
};

describe('a message handler', () => {
  test('is what kafkajs takes for eachMessage', () => {
    const eachMessage: EachMessageHandler = handling().handler.handleMessage;
    expect(eachMessage).toBeTypeOf('function');
  });

  test('hands on what became of each message, in order', async () => {
    const { handler, tags } = handling();
    await handler.handleMessage(consumed('records/flat.json', 7));
    await handler.handleBatch([
      consumed('bad/top-array', 8),
      consumed(null, 9),
      consumed('records/flat-battery.json', 12),
    ]);
    expect(tags()).toEqual(['7 processed', '8 rejected', '9 skipped', '12 processed']);
  });

  test('leaves out what is delivered again, per partition', async () => {
    const { handler, tags } = handling();
    await handler.handleBatch([consumed('records/flat.json', 7), consumed('records/flat.json', 7)]);
    await handler.handleBatch([consumed('records/flat.json', 3), consumed('records/flat.json', 3, 1)]);
    expect(tags()).toEqual(['7 processed', '3 processed']);
  });

  test('keeps the state of partitions apart', async () => {
    const { handler, tags } = handling();
    await handler.handleBatch([
      consumed('bad/sent-twice', 0, 0),
      consumed('bad/sent-twice', 1, 0),
      consumed('bad/sent-twice', 2, 1),
    ]);
    expect(tags()).toEqual(['0 processed', '1 skipped', '2 processed']);
  });

  test('rejects when onProcessed does', async () => {
    const handler = createMessageHandler({ onProcessed: () => Promise.reject(new Error('the disk is full')) });
    await expect(handler.handleMessage(consumed('records/flat.json', 0))).rejects.toThrow('the disk is full');
  });
});
