import { RawRecord, type RecordHeaders } from '../../../../streams/model/raw-record.js';
import { asOffset } from '../../../../streams/model/units.js';
import { isLogAppendTime, type BatchHeader } from './batch-header.js';
import { Undecodable } from './undecodable.js';

/**
 * Walks over the records of one batch, one by one, making `RawRecord`s that are ranges of `bytes`. No BigInt, no copies.
 * Errors: `next` throws `Undecodable` when a record overruns its frame.
 */
export class RecordCursor {
  /** Records not yet read. */
  left: number;
  /** Where the next record begins. */
  at: number;
  readonly #isLogAppendTime: boolean;

  constructor(
    readonly header: BatchHeader,
    readonly bytes: Buffer,
    start: number,
    readonly end: number,
  ) {
    this.left = header.count;
    this.at = start;
    this.#isLogAppendTime = isLogAppendTime(header);
  }

  next(): RawRecord {
    const { bytes, header } = this;
    const length = this.#varint();
    const recordEnd = this.at + length;
    if (length < 0 || recordEnd > this.end) throw new Undecodable('a record overruns its batch');
    this.at += 1;
    const timestampDelta = this.#varlong();
    const offset = header.baseOffset + this.#varint();
    const keyLength = this.#varint();
    const keyStart = this.at;
    if (keyLength > 0) this.at += keyLength;
    const keyEnd = this.at;
    const valueLength = this.#varint();
    const valueStart = this.at;
    if (valueLength > 0) this.at += valueLength;
    const valueEnd = this.at;
    const headerCount = this.#varint();
    const headers = headerCount > 0 && this.at <= recordEnd ? this.#headers(headerCount, recordEnd) : undefined;
    if (this.at !== recordEnd) throw new Undecodable('a record does not end where it says');
    this.left--;
    if (this.left === 0 && recordEnd !== this.end) throw new Undecodable('a batch holds more bytes than its records');
    return new RawRecord(
      asOffset(offset),
      this.#isLogAppendTime ? header.maxTimestampMs : header.firstTimestampMs + timestampDelta,
      bytes,
      keyLength < 0 ? -1 : keyStart,
      keyLength < 0 ? -1 : keyEnd,
      valueLength < 0 ? -1 : valueStart,
      valueLength < 0 ? -1 : valueEnd,
      headers,
    );
  }

  /** A name that occurs more than once gets all its values, in order; nulls among several are left out. */
  #headers(count: number, recordEnd: number): RecordHeaders {
    const headers = new Map<string, Buffer | readonly Buffer[] | null>();
    for (let i = 0; i < count && this.at < recordEnd; i++) {
      const nameLength = this.#varint();
      const nameStart = this.at;
      const name = this.bytes.toString('utf8', nameStart, this.#skip(nameLength));
      const valueLength = this.#varint();
      const valueStart = this.at;
      const value = valueLength < 0 ? null : this.bytes.subarray(valueStart, this.#skip(valueLength));
      const earlier = headers.get(name);
      headers.set(name, earlier == null ? value : value === null ? earlier : [earlier, value].flat());
    }
    return Object.fromEntries(headers);
  }

  #skip(length: number): number {
    this.at += length;
    return this.at;
  }

  /** Zigzag, 32 bits. Past the end it reads zeros; the frame check of the record catches that. */
  #varint(): number {
    let result = 0;
    let byte: number;
    let shift = 0;
    do {
      byte = this.bytes[this.at++] ?? 0;
      result |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    return (result >>> 1) ^ -(result & 1);
  }

  /** Zigzag, up to 53 bits: no timestamp delta is larger. */
  #varlong(): number {
    let result = 0;
    let byte: number;
    let weight = 1;
    do {
      byte = this.bytes[this.at++] ?? 0;
      result += (byte & 127) * weight;
      weight *= 128;
    } while (byte > 127);
    return result % 2 === 1 ? -(result + 1) / 2 : result / 2;
  }
}
