import type { Offset } from './units.js';

export type RecordHeaders = Readonly<Record<string, Buffer | readonly Buffer[] | null>>;

const noHeaders: RecordHeaders = Object.freeze({});

/**
 * One Kafka record as read. Key and value are ranges of the fetch buffer: reading text from them costs no copy, and whoever
 * keeps a record beyond the settling of its chunk must take `copy()`, or it pins the whole fetch buffer.
 */
export class RawRecord {
  constructor(
    readonly offset: Offset,
    /** Ingest time: the record's Kafka timestamp, epoch milliseconds. */
    readonly timestampMs: number,
    /** The buffer that the ranges below point into. */
    readonly bytes: Buffer,
    /** Key range; start −1 stands for a null key. */
    readonly keyStart: number,
    readonly keyEnd: number,
    /** Value range; start −1 stands for a null value (a tombstone). */
    readonly valueStart: number,
    readonly valueEnd: number,
    readonly headers: RecordHeaders = noHeaders,
  ) {}

  /** Size of the value in bytes; 0 for a tombstone. */
  get valueLength(): number {
    return this.valueStart < 0 ? 0 : this.valueEnd - this.valueStart;
  }

  get isTombstone(): boolean {
    return this.valueStart < 0;
  }

  /** A view on the key, or null. */
  get key(): Buffer | null {
    return this.keyStart < 0 ? null : this.bytes.subarray(this.keyStart, this.keyEnd);
  }

  /** A view on the value, or null. */
  get value(): Buffer | null {
    return this.valueStart < 0 ? null : this.bytes.subarray(this.valueStart, this.valueEnd);
  }

  /** The value as UTF-8 text; invalid bytes read as U+FFFD. Empty for a tombstone. */
  text(): string {
    return this.valueStart < 0 ? '' : this.bytes.toString('utf8', this.valueStart, this.valueEnd);
  }

  /** The same record on bytes of its own. */
  copy(): RawRecord {
    return RawRecord.of({
      offset: this.offset,
      timestampMs: this.timestampMs,
      key: this.key,
      value: this.value,
      headers: Object.fromEntries(Object.entries(this.headers).map(([name, value]) => [name, copied(value)])),
    });
  }

  /** Builds a record from separate key and value, which are copied into one buffer. */
  static of(parts: {
    readonly offset: Offset;
    readonly timestampMs: number;
    readonly key?: Buffer | string | null;
    readonly value: Buffer | string | null;
    readonly headers?: RecordHeaders;
  }): RawRecord {
    const key = parts.key == null ? null : Buffer.from(parts.key);
    const value = parts.value == null ? null : Buffer.from(parts.value);
    const bytes = Buffer.concat([key ?? Buffer.alloc(0), value ?? Buffer.alloc(0)]);
    const keyLength = key?.length ?? 0;
    return new RawRecord(
      parts.offset,
      parts.timestampMs,
      bytes,
      key === null ? -1 : 0,
      key === null ? -1 : keyLength,
      value === null ? -1 : keyLength,
      value === null ? -1 : bytes.length,
      parts.headers ?? noHeaders,
    );
  }
}

const copied = (value: Buffer | readonly Buffer[] | null): Buffer | readonly Buffer[] | null =>
  value === null ? null : Buffer.isBuffer(value) ? Buffer.from(value) : value.map((part) => Buffer.from(part));
