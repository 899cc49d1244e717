import type { Batch } from 'kafkajs';
import type { RecordSet } from './record-set.js';
import type { AbortedTransaction } from './aborted.js';

/** One partition's part of a fetch response, as kafkajs' response decoder hands it on. */
export interface PartitionData {
  readonly partition: number;
  readonly highWatermark: string;
  readonly lastStableOffset?: string;
  readonly abortedTransactions?: readonly AbortedTransaction[];
  readonly messages: unknown;
}

/**
 * Takes the place of kafkajs' `Batch`: one partition's part of one fetch, undecoded. It always says that it holds something, so
 * that kafkajs hands over every part, also an empty or fully filtered one, and nobody but the adapter moves a position.
 */
export class FetchedBatch implements Batch, RecordSet {
  readonly partition: number;
  readonly highWatermark: string;
  /** Where readers of committed records stop: the start of the oldest open transaction, else the high watermark. */
  readonly lastStableOffset: string;
  readonly bytes: Buffer;
  /** Why nothing of it can be read; null when it can. */
  readonly fault: string | null;
  readonly aborted: readonly AbortedTransaction[];
  /** kafkajs counts them for its own events; the records are in `bytes`. */
  readonly messages: [] = [];

  constructor(
    readonly topic: string,
    /** The offset that was asked for. */
    readonly fetchedOffset: string,
    data: PartitionData,
  ) {
    this.partition = data.partition;
    this.highWatermark = data.highWatermark;
    this.lastStableOffset = data.lastStableOffset ?? data.highWatermark;
    this.aborted = data.abortedTransactions ?? [];
    const isRead = Buffer.isBuffer(data.messages);
    this.bytes = isRead ? data.messages : Buffer.alloc(0);
    this.fault = isRead ? null : 'the broker is older than Kafka 0.11; its message format is not read';
  }

  isEmpty(): boolean {
    return false;
  }

  isEmptyDueToFiltering(): boolean {
    return false;
  }

  firstOffset(): string | null {
    return null;
  }

  lastOffset(): string {
    return this.fetchedOffset;
  }

  offsetLag(): string {
    return '0';
  }

  offsetLagLow(): string {
    return '0';
  }
}
