import type { Subscription } from 'rxjs';
import { setTimeout as wait } from 'node:timers/promises';
import type { ServiceEvent } from '../../src/events.js';
import type { Partition, PartitionSource } from '../../src/ports.js';
import type { Chunk } from '../../streams/model/chunk.js';
import type { RawRecord, RecordHeaders } from '../../streams/model/raw-record.js';
import { asOffset, type Offset } from '../../streams/model/units.js';

/** A record to be written; to Kafka uncompressed, several of one call in one batch. */
export interface Produced {
  readonly key?: string | null;
  readonly value: string | null;
  readonly headers?: RecordHeaders;
  readonly timestampMs?: number;
}

export interface MemberOptions {
  /** Records per chunk. */
  readonly batchSize: number;
  readonly maxPartitionBytes: number;
  readonly maxTotalBytes: number;
  readonly autoOffsetReset: 'earliest' | 'latest';
  readonly report: (event: ServiceEvent) => void;
}

/** One fresh topic and one consumer group on it. */
export interface SourceHarness {
  readonly topic: string;
  /** Resolves once the records can be read. */
  produce(partition: number, records: readonly Produced[]): Promise<void>;
  /** Makes the records before an offset disappear, as retention does. Resolves once they are gone. */
  deleteBefore(partition: number, offset: number): Promise<void>;
  /** A source in the group, not started. The suite closes it. */
  member(options: MemberOptions): PartitionSource;
  close(): Promise<void>;
}

/** Called once per test: `partitions` is how many the topic has. */
export type OpenSource = (needs: { readonly partitions: number }) => Promise<SourceHarness>;

export const roomy = {
  batchSize: 7,
  maxPartitionBytes: 1_000_000,
  maxTotalBytes: 10_000_000,
  autoOffsetReset: 'earliest',
} as const;

export const until = async (what: string, isTrue: () => boolean, withinMs = 60_000): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`did not happen within ${withinMs} ms: ${what}`);
    await wait(2);
  }
};

export const numbered = (from: number, to: number, pad = 0): Produced[] =>
  Array.from({ length: to - from }, (_, i) => ({ key: `k${from + i}`, value: String(from + i).padStart(pad, '.') }));
export const textsOf = (records: readonly Produced[]): string[] => records.map(({ value }) => value ?? '');

/** Reads one partition and settles nothing by itself. */
export class Reading {
  readonly chunks: Chunk<RawRecord>[] = [];
  isComplete = false;
  onChunk: (chunk: Chunk<RawRecord>) => void = () => undefined;
  readonly #subscription: Subscription;

  constructor(
    readonly partition: Partition,
    from: number | null,
  ) {
    this.#subscription = partition.read(from === null ? null : asOffset(from)).subscribe({
      next: (chunk) => {
        this.chunks.push(chunk);
        this.onChunk(chunk);
      },
      complete: () => (this.isComplete = true),
      error: (error: unknown) => {
        throw error;
      },
    });
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }

  settle(): void {
    const next = this.chunks.at(-1)?.next;
    if (next !== undefined) this.partition.settled(next);
  }

  get records(): readonly RawRecord[] {
    return this.chunks.flatMap(({ records }) => records.map(({ value }) => value));
  }

  get texts(): readonly string[] {
    return this.records.map((record) => record.text());
  }

  get next(): number | null {
    return this.chunks.at(-1)?.next ?? null;
  }

  /** Bytes of keys and values handed out from `settled` on. */
  bytesAfter(settled: number): number {
    return this.records
      .filter(({ offset }) => offset >= settled)
      .reduce((sum, { valueLength, key }) => sum + valueLength + (key?.length ?? 0), 0);
  }
}

/** A started member: its partitions as they come, and its events. */
export class Reader {
  readonly partitions: Partition[] = [];
  readonly events: ServiceEvent[] = [];
  readonly readings: Reading[] = [];
  isComplete = false;
  error: unknown = null;
  readonly source: PartitionSource;

  constructor(harness: SourceHarness, options: Partial<MemberOptions>, onPartition: (partition: Partition) => void) {
    this.source = harness.member({ ...roomy, report: (event) => void this.events.push(event), ...options });
    this.source.partitions$.subscribe({
      next: (partition) => {
        this.partitions.push(partition);
        onPartition(partition);
      },
      complete: () => (this.isComplete = true),
      error: (error: unknown) => (this.error = error),
    });
  }

  /** The newest assignment of a partition. */
  of(partition: number): Partition {
    const found = this.partitions.findLast(({ source }) => source.partition === partition);
    if (found === undefined) throw new Error(`partition ${partition} was not assigned`);
    return found;
  }

  read(partition: number, from: number | null): Reading {
    const reading = new Reading(this.of(partition), from);
    this.readings.push(reading);
    return reading;
  }

  statusOf(partition: number): ReturnType<PartitionSource['status']>['partitions'][number] | undefined {
    return this.source.status().partitions.find(({ source }) => source.partition === partition);
  }
}

/** Position and results in one place, for the newest owner alone: what the service's store is to it. */
export class Ledger {
  readonly #kept = new Map<number, { epoch: number; next: Offset | null; readonly texts: string[] }>();
  fenced = 0;

  acquire(partition: number): { readonly epoch: number; readonly next: Offset | null } {
    const kept = this.of(partition);
    kept.epoch += 1;
    return { epoch: kept.epoch, next: kept.next };
  }

  commit(epoch: number, chunk: Chunk<RawRecord>): boolean {
    const kept = this.of(chunk.source.partition);
    if (kept.epoch !== epoch) {
      this.fenced += 1;
      return false;
    }
    kept.next = chunk.next;
    kept.texts.push(...chunk.records.map(({ value }) => value.text()));
    return true;
  }

  of(partition: number): { epoch: number; next: Offset | null; readonly texts: string[] } {
    const kept = this.#kept.get(partition) ?? { epoch: 0, next: null, texts: [] };
    this.#kept.set(partition, kept);
    return kept;
  }

  get count(): number {
    return [...this.#kept.values()].reduce((sum, { texts }) => sum + texts.length, 0);
  }
}
