import { createRequire } from 'node:module';
import { describe, expect, it, vi } from 'vitest';
import { FetchedBatch } from '../../../../../src/sources/kafka/wire/fetched-batch.js';
import {
  groupMessages,
  installPatch,
  keepBytes,
  refuseOtherVersion,
  workerQueue,
} from '../../../../../src/sources/kafka/wire/patch.js';

const load: (path: string) => unknown = createRequire(import.meta.url);

type QueueClass = new (options: object) => {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: unknown;
  readonly inflight: Map<number, object>;
  scheduleRequestTimeoutCheck(): void;
  scheduleCheckPendingRequests(): void;
  destroy(): void;
};
const isQueueClass = (value: unknown): value is QueueClass => typeof value === 'function';

interface Answer {
  readonly correlationId: number;
  readonly payload: Buffer;
}
type ConnectionClass = new (options: object) => {
  requestQueue: { fulfillRequest: (answer: Answer) => void };
  processData(bytes: Buffer): void;
};
const isConnectionClass = (value: unknown): value is ConnectionClass => typeof value === 'function';

const answerOf = (correlationId: number, body: string): Buffer => {
  const bytes = Buffer.alloc(8 + body.length);
  bytes.writeInt32BE(4 + body.length);
  bytes.writeInt32BE(correlationId, 4);
  bytes.write(body, 8);
  return bytes;
};

describe('installPatch', () => {
  it('replaces what kafkajs decodes with, and may run again', () => {
    installPatch();
    installPatch();
    expect(load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js')).toBe(keepBytes);
    expect(load('kafkajs/src/consumer/batch.js')).toBe(FetchedBatch);
    expect(load('kafkajs/src/producer/groupMessagesPerPartition.js')).toBe(groupMessages);
    expect(load('kafkajs/src/consumer/workerQueue.js')).toBe(workerQueue);
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

  it('gives up requests that are overdue, and looks after none once the connection is gone', () => {
    installPatch();
    const Queue = load('kafkajs/src/network/requestQueue/index.js');
    if (!isQueueClass(Queue)) throw new Error('kafkajs has no request queue');
    vi.useFakeTimers();
    try {
      let isConnected = true;
      const queue = new Queue({ requestTimeout: 10_000, enforceRequestTimeout: true, isConnected: () => isConnected });
      const timeoutRequest = vi.fn(() => queue.inflight.clear());
      queue.inflight.set(1, { sentAt: Date.now(), requestTimeout: 10_000, timeoutRequest });
      queue.scheduleRequestTimeoutCheck();
      vi.advanceTimersByTime(10_000);
      expect(timeoutRequest).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1_000);
      expect(timeoutRequest).toHaveBeenCalledOnce();
      isConnected = false;
      vi.advanceTimersByTime(1_000);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('hands on whole answers without copying them, and joins pieces', () => {
    installPatch();
    const Connection = load('kafkajs/src/network/connection.js');
    if (!isConnectionClass(Connection)) throw new Error('kafkajs has no connection');
    const logger = { namespace: () => ({ debug: () => undefined }) };
    const connection = new Connection({ host: 'h', port: 1, logger });
    const found: Answer[] = [];
    connection.requestQueue.fulfillRequest = (answer) => found.push(answer);
    const [first, second, third] = [answerOf(1, 'first'), answerOf(2, 'second'), answerOf(3, 'third')];
    connection.processData(first);
    connection.processData(second);
    connection.processData(Buffer.concat([third.subarray(0, 3)]));
    connection.processData(third.subarray(3, 9));
    connection.processData(Buffer.concat([third.subarray(9), first]));
    expect(found.map(({ correlationId, payload }) => `${correlationId} ${payload.toString()}`)).toEqual([
      '1 first',
      '2 second',
      '3 third',
      '1 first',
    ]);
    expect(found.slice(0, 2).map(({ payload }) => payload.buffer)).toEqual([first.buffer, second.buffer]);
    expect(found[1]?.payload.byteOffset).toBe(second.byteOffset + 8);
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

describe('workerQueue', () => {
  type CreateWorker = (options: { readonly handler: (batch: string) => Promise<void>; readonly workerId: number }) => {
    run(from: object): Promise<void>;
  };
  const isCreateWorker = (value: unknown): value is CreateWorker => typeof value === 'function';

  /** A queue of kafkajs' own workers, whose batches end when told. */
  const working = (count: number) => {
    const createWorker = load('kafkajs/src/consumer/worker.js');
    if (!isCreateWorker(createWorker)) throw new Error('kafkajs has no workers');
    const ending = new Map<string, { readonly done: () => void; readonly fail: (error: Error) => void }>();
    const handler = (batch: string): Promise<void> =>
      new Promise((done, fail) => {
        ending.set(batch, { done, fail });
      });
    const workers = Array.from({ length: count }, (_, workerId) => createWorker({ handler, workerId }));
    const woken = workers.map((worker) => vi.spyOn(worker, 'run'));
    const queue = workerQueue<string>({ workers });
    return { queue, ending, woken: () => woken.filter(({ mock }) => mock.calls.length > 0).length };
  };

  it('wakes as many workers as there are batches, and is done when they are', async () => {
    const { queue, ending, woken } = working(1_000);
    const ended = vi.fn();
    const pushed = queue.push('a', 'b').then(ended);
    expect([...ending.keys()]).toEqual(['a', 'b']);
    expect(woken()).toBe(2);
    ending.get('a')?.done();
    await new Promise(setImmediate);
    expect(ended).not.toHaveBeenCalled();
    ending.get('b')?.done();
    await pushed;
  });

  it('passes over workers that are at work: what another broker brings does not wait for them', async () => {
    const { queue, ending } = working(1_000);
    const slow = queue.push('slow');
    const quick = queue.push('quick');
    expect([...ending.keys()]).toEqual(['slow', 'quick']);
    ending.get('quick')?.done();
    await quick;
    ending.get('slow')?.done();
    await slow;
  });

  it('lets batches wait that are more than the workers, and loses none', async () => {
    const { queue, ending } = working(2);
    const pushed = queue.push('a', 'b', 'c');
    expect([...ending.keys()]).toEqual(['a', 'b']);
    ending.get('b')?.done();
    await new Promise(setImmediate);
    expect([...ending.keys()]).toEqual(['a', 'b', 'c']);
    ending.get('a')?.done();
    ending.get('c')?.done();
    await pushed;
  });

  it('rejects with the first error, but not before all are done', async () => {
    const { queue, ending } = working(3);
    const ended = vi.fn();
    const pushed = queue.push('a', 'b').finally(ended);
    pushed.catch(() => undefined);
    ending.get('b')?.fail(new Error('b is bad'));
    await new Promise(setImmediate);
    expect(ended).not.toHaveBeenCalled();
    ending.get('a')?.done();
    await expect(pushed).rejects.toThrow('b is bad');
  });
});
