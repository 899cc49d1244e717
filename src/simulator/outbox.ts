import { partitionOfKey } from '../sources/key-hash.js';
import type { Shape } from './device.js';
import type { RecordKind, SimulatedRecord } from './simulator.js';

export interface OutboxOptions {
  readonly partitions: number;
  /** Resolves when the records are written. */
  readonly send: (partition: number, records: readonly SimulatedRecord[]) => Promise<unknown>;
}

/** A broker takes 1 MiB as one batch unless it is told otherwise. */
const fullBytes = 512 * 1024;
/** kafkajs' work on a send grows with the square of its records. */
const fullRecords = 500;
/** Sends on the way for each partition, the one that is waiting for its turn included. */
const mostOnTheWay = 2;

interface Box {
  records: SimulatedRecord[];
  bytes: number;
}

interface Written {
  sent: number;
  bytes: number;
  readonly shapes: Record<Shape, number>;
  readonly kinds: Record<RecordKind, number>;
  fromMs: number | null;
  toMs: number | null;
}

/** Gathers records by partition and sends each partition's by themselves, a bounded number of batches at a time. */
export class Outbox {
  readonly #boxes: readonly Box[];
  readonly #partitions = new Map<string, number>();
  readonly #onTheWay = new Set<Promise<void>>();
  #fault: Error | null = null;
  readonly written: Readonly<Written>;
  readonly #written: Written = {
    sent: 0,
    bytes: 0,
    shapes: { nested: 0, flat: 0, envelope: 0 },
    kinds: { good: 0, bad: 0, late: 0, future: 0, duplicate: 0 },
    fromMs: null,
    toMs: null,
  };

  constructor(private readonly options: OutboxOptions) {
    this.#boxes = Array.from({ length: options.partitions }, () => ({ records: [], bytes: 0 }));
    this.written = this.#written;
  }

  /** Records that are known to be written. */
  get sent(): number {
    return this.#written.sent;
  }

  put(record: SimulatedRecord): void {
    const partition = this.#partitionOf(record.key);
    const box = this.#boxes[partition];
    if (box === undefined) return;
    box.records.push(record);
    box.bytes += bytesOf(record);
    if (box.bytes >= fullBytes || box.records.length >= fullRecords) this.#send(partition, box);
  }

  /** Sends what there is, full or not. */
  sendAll(): void {
    for (const [partition, box] of this.#boxes.entries()) if (box.records.length > 0) this.#send(partition, box);
  }

  /** Resolves when more may be put. Errors: rejects with whatever the first failed send rejected with. */
  async room(): Promise<void> {
    while (this.#fault === null && this.#onTheWay.size >= this.options.partitions * mostOnTheWay) {
      await Promise.race(this.#onTheWay);
    }
    if (this.#fault !== null) throw this.#fault;
  }

  /** Resolves when everything is written. Errors: as `room`. */
  async flush(): Promise<void> {
    this.sendAll();
    await Promise.all(this.#onTheWay);
    await this.room();
  }

  #send(partition: number, box: Box): void {
    const { records, bytes } = box;
    box.records = [];
    box.bytes = 0;
    const sending = this.options.send(partition, records).then(
      () => this.#count(records, bytes),
      (error: unknown) => (this.#fault ??= error instanceof Error ? error : new Error(String(error))),
    );
    const done = sending.then(() => void this.#onTheWay.delete(done));
    this.#onTheWay.add(done);
  }

  #count(records: readonly SimulatedRecord[], bytes: number): void {
    const written = this.#written;
    written.sent += records.length;
    written.bytes += bytes;
    for (const { shape, kind, timestampMs } of records) {
      written.shapes[shape] += 1;
      written.kinds[kind] += 1;
      written.fromMs = Math.min(written.fromMs ?? timestampMs, timestampMs);
      written.toMs = Math.max(written.toMs ?? timestampMs, timestampMs);
    }
  }

  #partitionOf(key: string): number {
    const known = this.#partitions.get(key);
    if (known !== undefined) return known;
    const partition = partitionOfKey(Buffer.from(key), this.#boxes.length);
    this.#partitions.set(key, partition);
    return partition;
  }
}

const bytesOf = ({ key, value }: SimulatedRecord): number =>
  key.length + (value === null ? 0 : typeof value === 'string' ? Buffer.byteLength(value) : value.length);
