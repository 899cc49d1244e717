import type { RawRecord } from '../../../../streams/model/raw-record.js';
import { asOffset, type Offset } from '../../../../streams/model/units.js';
import { AbortedBatches, type AbortedTransaction } from './aborted.js';
import { isControl, readBatchHeader, type BatchHeader } from './batch-header.js';
import { expand } from './compression/codecs.js';
import { RecordCursor } from './record-cursor.js';

/** What one fetch brought of one partition, undecoded. */
export interface RecordSet {
  readonly bytes: Buffer;
  readonly aborted: readonly AbortedTransaction[];
}

export interface ReadLimits {
  /** Records below it are left out: a fetch begins with the whole batch that holds the wanted offset. */
  readonly from: Offset;
  /** Cap on what one compressed batch may expand to, bytes. */
  readonly maxBatchBytes: number;
}

/**
 * Takes records out of what was fetched, as many at a time as wanted; a batch is expanded when its turn comes. Left out are
 * control records and aborted transactions. `next` comes from the batch headers, so that it moves past all of that too.
 */
export class RecordSetReader {
  /** Where the log goes on behind everything taken and left out so far. */
  next: Offset;
  /** Why it stopped at `next` before the end of the set; null when it did not. */
  fault: string | null = null;
  /** Nothing more will come. */
  isDone = false;
  /** Bytes that the records taken so far occupy, expanded. */
  bytesTaken = 0;
  readonly #bytes: Buffer;
  readonly #aborted: AbortedBatches;
  readonly #limits: ReadLimits;
  #batchAt = 0;
  #cursor: RecordCursor | null = null;

  constructor(set: RecordSet, limits: ReadLimits) {
    this.#bytes = set.bytes;
    this.#aborted = new AbortedBatches(set.aborted);
    this.#limits = limits;
    this.next = limits.from;
  }

  /** Up to `max` further records, in order. Fewer only at the end or at a fault. */
  take(max: number): RawRecord[] {
    const taken: RawRecord[] = [];
    try {
      while (taken.length < max) {
        const cursor = this.#cursor ?? this.#openNext();
        if (cursor === null) break;
        this.#drain(cursor, max, taken);
      }
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error);
      this.isDone = true;
    }
    return taken;
  }

  #drain(cursor: RecordCursor, max: number, taken: RawRecord[]): void {
    const { from } = this.#limits;
    while (cursor.left > 0 && taken.length < max) {
      const start = cursor.at;
      const record = cursor.next();
      if (record.offset < from) continue;
      this.bytesTaken += cursor.at - start;
      taken.push(record);
      this.next = asOffset(record.offset + 1);
    }
    if (cursor.left > 0) return;
    this.#cursor = null;
    this.#moveTo(cursor.header.nextOffset);
  }

  /** The next batch that has anything to give. */
  #openNext(): RecordCursor | null {
    for (;;) {
      const header = readBatchHeader(this.#bytes, this.#batchAt);
      if (header === null) {
        this.isDone = true;
        return null;
      }
      this.#batchAt = header.end;
      const isAborted = this.#aborted.covers(header);
      if (isControl(header)) this.#readMarker(header);
      else if (!isAborted && header.count > 0 && header.nextOffset > this.#limits.from) {
        this.#cursor = this.#expanded(header);
        return this.#cursor;
      }
      this.#moveTo(header.nextOffset);
    }
  }

  #expanded(header: BatchHeader): RecordCursor {
    const packed = this.#bytes.subarray(header.recordsAt, header.end);
    const records = expand(header.attributes, packed, this.#limits.maxBatchBytes);
    return records === packed
      ? new RecordCursor(header, this.#bytes, header.recordsAt, header.end)
      : new RecordCursor(header, records, 0, records.length);
  }

  /** Markers are never compressed. One that compaction emptied marks nothing any more. */
  #readMarker(header: BatchHeader): void {
    if (header.count === 0) return;
    this.#aborted.mark(header, new RecordCursor(header, this.#bytes, header.recordsAt, header.end).next().key);
  }

  #moveTo(offset: number): void {
    if (offset > this.next) this.next = asOffset(offset);
  }
}
