import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { FetchedBatch } from '../../../../../src/sources/kafka/wire/fetched-batch.js';
import {
  groupMessages,
  installPatch,
  keepBytes,
  refuseOtherVersion,
} from '../../../../../src/sources/kafka/wire/patch.js';

const load: (path: string) => unknown = createRequire(import.meta.url);

type QueueClass = new (options: object) => {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: unknown;
  scheduleCheckPendingRequests(): void;
  destroy(): void;
};
const isQueueClass = (value: unknown): value is QueueClass => typeof value === 'function';

describe('installPatch', () => {
  it('replaces what kafkajs decodes with, and may run again', () => {
    installPatch();
    installPatch();
    expect(load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js')).toBe(keepBytes);
    expect(load('kafkajs/src/consumer/batch.js')).toBe(FetchedBatch);
    expect(load('kafkajs/src/producer/groupMessagesPerPartition.js')).toBe(groupMessages);
  });

  it('lets an idle connection rest, and looks after waiting and throttled requests', () => {
    installPatch();
    const Queue = load('kafkajs/src/network/requestQueue/index.js');
    if (!isQueueClass(Queue)) throw new Error('kafkajs has no request queue');
    const queue = new Queue({
      maxInFlightRequests: 1,
      requestTimeout: 1_000,
      enforceRequestTimeout: false,
      clientId: 'c',
      broker: 'b',
    });
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
    queue.throttledUntil = Date.now() + 10_000;
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).not.toBeNull();
    queue.destroy();
    queue.throttledUntil = -1;
    queue.pending.push({});
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).not.toBeNull();
    queue.destroy();
  });

  it.each([{ version: '2.2.5' }, { version: '3.0.0' }, {}, null])(
    'refuses %j, saying which version it wants',
    (manifest) => {
      expect(() => refuseOtherVersion(manifest)).toThrow(/install kafkajs@2\.2\.4/);
    },
  );
});

describe('groupMessages', () => {
  it('puts each message where the partitioner says, in order', () => {
    const partitionMetadata = [{ partitionId: 0 }, { partitionId: 1 }];
    const parts = { topic: 't', partitionMetadata, messages: [3, 1, 2, 5, 4] };
    const grouped = groupMessages({ ...parts, partitioner: ({ message }) => message % 2 });
    expect(grouped).toEqual({ 0: [2, 4], 1: [3, 1, 5] });
    expect(groupMessages({ ...parts, partitionMetadata: [], partitioner: () => 0 })).toEqual({});
  });
});

describe('FetchedBatch', () => {
  const data = { partition: 3, highWatermark: '12', abortedTransactions: [], messages: Buffer.from('abc') };

  it('reaches the adapter also when it is empty', () => {
    const batch = new FetchedBatch('telemetry', '5', { ...data, messages: Buffer.alloc(0) });
    expect([batch.isEmpty(), batch.isEmptyDueToFiltering(), batch.fault]).toEqual([false, false, null]);
  });

  it('says so when a broker answers in a way that is not read', () => {
    expect(new FetchedBatch('telemetry', '5', { ...data, messages: [] }).fault).toContain('older than Kafka 0.11');
  });
});
