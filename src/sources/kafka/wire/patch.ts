import { createRequire, Module } from 'node:module';
import { dirname, join } from 'node:path';
import { ServiceError } from '../../../service-error.js';
import { crc32c } from './crc32c.js';
import { FetchedBatch } from './fetched-batch.js';
import { encodedRecord } from './record-encoder.js';

/** The one version whose insides are known; the source files replaced below are part of no public interface. */
const knownVersion = '2.2.4';

const load: (path: string) => unknown = createRequire(import.meta.url);
const { cache, resolve } = createRequire(import.meta.url);

/** What kafkajs' response decoder offers to the part that reads the record set. */
interface ResponseDecoder {
  readInt32(): number;
  canReadBytes(length: number): boolean;
  readBytes(length: number): Buffer;
}

/** Leaves a record set as it is; the adapter decodes it when its turn comes. */
export const keepBytes = (decoder: ResponseDecoder): Promise<Buffer> => {
  const size = decoder.readInt32();
  return Promise.resolve(size <= 0 || !decoder.canReadBytes(size) ? Buffer.alloc(0) : decoder.readBytes(size));
};

interface Grouping<M> {
  readonly topic: string;
  readonly partitionMetadata: readonly unknown[];
  readonly messages: readonly M[];
  readonly partitioner: (one: Omit<Grouping<M>, 'messages' | 'partitioner'> & { readonly message: M }) => number;
}

/** What is to be sent, by partition. The stock one copies what it has for each message: 150,000 of them would take minutes. */
export const groupMessages = <M>({ messages, partitioner, ...where }: Grouping<M>): Record<number, M[]> => {
  const groups: Record<number, M[]> = {};
  if (where.partitionMetadata.length === 0) return groups;
  for (const message of messages) (groups[partitioner({ ...where, message })] ??= []).push(message);
  return groups;
};

interface Job<B> {
  readonly batch: B;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Worker<B> {
  /** Takes one job after the other until there is none. One that is at work already takes nothing within this call. */
  run(from: { readonly next: () => Job<B> | undefined }): Promise<void>;
}

/** Where fetched batches wait for workers. The stock one wakes every worker for each fetch; there are a thousand, so that no partition waits for another. */
export const workerQueue = <B>({ workers }: { readonly workers: readonly Worker<B>[] }) => {
  const jobs: Job<B>[] = [];
  const next = (): Job<B> | undefined => jobs.shift();
  return {
    getWorkers: () => workers,
    /** Errors: rejects with the first error once all are done. */
    push: async (...batches: readonly B[]): Promise<void> => {
      const done = batches.map(
        (batch) => new Promise<void>((resolve, reject) => jobs.push({ batch, resolve, reject })),
      );
      for (const worker of workers) {
        if (jobs.length === 0) break;
        void worker.run({ next });
      }
      await Promise.allSettled(done);
      await Promise.all(done);
    },
  };
};

interface SentRequest {
  readonly sentAt: number;
  readonly requestTimeout: number;
  timeoutRequest(): void;
}

const checksum = (bytes: Buffer): number => crc32c(bytes, 0, bytes.length);

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly inflight: ReadonlyMap<number, SentRequest>;
  readonly throttledUntil: number;
  readonly enforceRequestTimeout: boolean;
  readonly requestTimeout: number;
  requestTimeoutIntervalId: NodeJS.Timeout | null;
  isConnected(): boolean;
  destroy(): void;
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
  scheduleRequestTimeoutCheck: (this: RequestQueue) => void;
}

interface Receiver {
  readonly bytesBuffered: number;
  chunks: Buffer[];
  processData: (this: Receiver, bytes: Buffer) => void;
}

/**
 * Replaces some insides of kafkajs, through its module cache: the decoding of record sets and `Batch` (skipped records,
 * leaked aborted ones, endless batches, BigInt per record), the waking of workers that have nothing to do, the grouping of what is
 * sent (its cost grows with the square), the encoding of records, timers that wake an idle connection a thousand and ten times a
 * second, and the copying of every answer.
 * Must run before kafkajs is loaded; running it again changes nothing.
 *
 * Errors: throws `ServiceError` `internal` on another version of kafkajs, or when kafkajs was loaded first.
 */
export const installPatch = (): void => {
  const home = dirname(resolve('kafkajs/package.json'));
  refuseOtherVersion(load(join(home, 'package.json')));
  if (isInstalled(home)) return;
  inject(join(home, 'src/protocol/requests/fetch/v4/decodeMessages.js'), keepBytes);
  inject(join(home, 'src/consumer/batch.js'), FetchedBatch);
  inject(join(home, 'src/consumer/workerQueue.js'), workerQueue);
  inject(join(home, 'src/producer/groupMessagesPerPartition.js'), groupMessages);
  inject(join(home, 'src/protocol/recordBatch/record/v0/index.js'), encodedRecord);
  inject(join(home, 'src/protocol/recordBatch/crc32C/index.js'), checksum);
  calm(load(join(home, 'src/network/requestQueue/index.js')));
  forgetRests(load(join(home, 'src/network/connection.js')));
};

/** Errors: throws `ServiceError` unless `manifest` is that of the known version. */
export const refuseOtherVersion = (manifest: unknown): void => {
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : null;
  if (version === knownVersion) return;
  throw new ServiceError(
    'internal',
    `kafkajs is installed as ${String(version)}, but only ${knownVersion} is known from inside: install kafkajs@${knownVersion}`,
  );
};

const isInstalled = (home: string): boolean => cache[join(home, 'src/consumer/batch.js')]?.exports === FetchedBatch;

const inject = (path: string, exported: unknown): void => {
  if (cache[path] !== undefined) {
    throw new ServiceError(
      'internal',
      `${path} was loaded before it could be replaced: import kafkajs only in this folder`,
    );
  }
  const replacement = new Module(path);
  replacement.filename = path;
  replacement.loaded = true;
  replacement.exports = exported;
  cache[path] = replacement;
};

/** Stock kafkajs looks for waiting requests every millisecond, for ever; there is something to look for only when requests wait. */
const calm = (queueClass: unknown): void => {
  if (!isQueueClass(queueClass)) throw new ServiceError('internal', 'kafkajs has no request queue where it should be');
  const queue = queueClass.prototype;
  const schedule = queue.scheduleCheckPendingRequests;
  queue.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
  queue.scheduleRequestTimeoutCheck = checkTimeouts;
};

/** Stock kafkajs looks ten times a second at every connection; requests have ten seconds. */
const timeoutCheckMs = 1_000;

function checkTimeouts(this: RequestQueue): void {
  if (!this.enforceRequestTimeout) return;
  this.destroy();
  const look = (): void => {
    for (const request of [...this.inflight.values()]) {
      if (Date.now() - request.sentAt > request.requestTimeout) request.timeoutRequest();
    }
    if (!this.isConnected()) this.destroy();
  };
  this.requestTimeoutIntervalId = setInterval(look, Math.min(this.requestTimeout, timeoutCheckMs));
}

/** Stock kafkajs keeps the empty rest behind an answer, and for its sake copies the next one, however large, to join the two. */
const forgetRests = (connectionClass: unknown): void => {
  if (!isReceiverClass(connectionClass))
    throw new ServiceError('internal', 'kafkajs has no connection where it should be');
  const receiver = connectionClass.prototype;
  const process = receiver.processData;
  receiver.processData = function (this: Receiver, bytes: Buffer): void {
    if (this.bytesBuffered === 0) this.chunks = [];
    process.call(this, bytes);
  };
};

const isReceiverClass = (value: unknown): value is { readonly prototype: Receiver } =>
  typeof value === 'function' &&
  typeof value.prototype === 'object' &&
  value.prototype !== null &&
  'processData' in value.prototype;

const isQueueClass = (value: unknown): value is { readonly prototype: RequestQueue } =>
  typeof value === 'function' &&
  typeof value.prototype === 'object' &&
  value.prototype !== null &&
  'scheduleCheckPendingRequests' in value.prototype;
