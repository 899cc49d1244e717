import { RawRecord, type RecordHeaders } from '../../../streams/model/raw-record.js';
import { asOffset, type Offset } from '../../../streams/model/units.js';

/** A record on its way into the log. */
export interface Appended {
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: RecordHeaders;
  /** Epoch ms; the time of appending when left out. */
  readonly timestampMs?: number;
}

export interface LogLimits {
  /** Bytes of one segment, which is what readers' records share and what retention drops. A larger record has one of its own. */
  readonly segmentBytes: number;
  /** Bytes kept of one partition, rounded up to whole segments; the oldest go first. */
  readonly retentionBytes: number;
}

/** Room for records; full or not, its buffer never moves, so records are ranges of it from the moment they are written. */
interface Segment {
  readonly base: number;
  readonly bytes: Buffer;
  used: number;
  readonly records: RawRecord[];
}

/**
 * One partition of the embedded log: records in order, each at its offset. What retention has dropped is gone for readers that had
 * not come to it yet, as in Kafka.
 */
export class PartitionLog {
  #segments: Segment[] = [];
  #keptBytes = 0;
  #end = 0;
  readonly #waiting = new Set<() => void>();

  constructor(private readonly limits: LogLimits) {}

  /** First offset still there. */
  get low(): Offset {
    return asOffset(this.#segments[0]?.base ?? this.#end);
  }

  /** Offset of the next record. */
  get high(): Offset {
    return asOffset(this.#end);
  }

  /** Copies the record into the log and wakes who waits for one. */
  append({ key, value, headers, timestampMs = Date.now() }: Appended): Offset {
    const keyBytes = lengthOf(key);
    const valueBytes = lengthOf(value);
    const segment = this.#segmentFor(keyBytes + valueBytes);
    const start = segment.used;
    write(segment.bytes, start, key);
    write(segment.bytes, start + keyBytes, value);
    segment.used += keyBytes + valueBytes;
    const offset = asOffset(this.#end);
    segment.records.push(
      new RawRecord(
        offset,
        timestampMs,
        segment.bytes,
        key === null ? -1 : start,
        key === null ? -1 : start + keyBytes,
        value === null ? -1 : start + keyBytes,
        value === null ? -1 : segment.used,
        headers,
      ),
    );
    this.#end += 1;
    for (const wake of this.#waiting) wake();
    return offset;
  }

  /** Up to `most` records from an offset on, which must not lie before `low`. */
  read(from: Offset, most: number): RawRecord[] {
    const found: RawRecord[] = [];
    let at = this.#segments.findLastIndex(({ base }) => base <= from);
    for (
      let segment = this.#segments[at];
      segment !== undefined && found.length < most;
      segment = this.#segments[++at]
    ) {
      const start = from + found.length - segment.base;
      for (const record of segment.records.slice(start, start + most - found.length)) found.push(record);
    }
    return found;
  }

  /** Drops everything before an offset that retention can let go of: whole segments, and never the newest. */
  #dropBeyondRetention(): void {
    while (this.#segments.length > 1 && this.#keptBytes > this.limits.retentionBytes) this.#dropOldest();
  }

  /** Drops the records before an offset, as an administrator would. */
  deleteBefore(offset: Offset): void {
    const wanted = Math.min(offset, this.#end);
    for (let oldest = this.#segments[0]; oldest !== undefined && oldest.base + oldest.records.length <= wanted;) {
      this.#dropOldest();
      oldest = this.#segments[0];
    }
    const first = this.#segments[0];
    if (first === undefined || first.base >= wanted) return;
    this.#segments[0] = { ...first, base: wanted, records: first.records.slice(wanted - first.base) };
  }

  /** `wake` is called after each append, until it is unsubscribed by the function returned. It must not throw. */
  onAppend(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  #segmentFor(bytes: number): Segment {
    const last = this.#segments.at(-1);
    if (last !== undefined && last.used + bytes <= last.bytes.length) return last;
    const made = {
      base: this.#end,
      bytes: Buffer.allocUnsafeSlow(Math.max(bytes, this.limits.segmentBytes)),
      used: 0,
      records: [],
    };
    this.#segments.push(made);
    this.#keptBytes += made.bytes.length;
    this.#dropBeyondRetention();
    return made;
  }

  #dropOldest(): void {
    this.#keptBytes -= this.#segments.shift()?.bytes.length ?? 0;
  }
}

const lengthOf = (part: Buffer | string | null): number =>
  part === null ? 0 : typeof part === 'string' ? Buffer.byteLength(part) : part.length;

const write = (bytes: Buffer, at: number, part: Buffer | string | null): void => {
  if (typeof part === 'string') bytes.write(part, at, 'utf8');
  else if (part !== null) part.copy(bytes, at);
};
