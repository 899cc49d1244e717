import { Observable, type Subscriber } from 'rxjs';
import { chunkOf, type Chunk } from '../../../streams/model/chunk.js';
import type { RawRecord } from '../../../streams/model/raw-record.js';
import { asOffset, type Offset, type TopicPartition } from '../../../streams/model/units.js';
import type { Report } from '../../events.js';
import type { Partition, PartitionStatus, PauseReason } from '../../ports.js';
import type { Budget, Share } from '../budget.js';
import { place, type PartitionHistory } from '../place.js';
import type { Slice, Turns } from '../turns.js';
import type { PartitionLog } from './partition-log.js';

type Reader = Subscriber<Chunk<RawRecord>>;

export interface EmbeddedPartitionParts {
  readonly log: PartitionLog;
  readonly budget: Budget;
  readonly turns: Turns;
  readonly report: Report;
  readonly history: PartitionHistory;
  readonly reset: 'earliest' | 'latest';
  /** Records per chunk. */
  readonly batchSize: number;
  /** Records per turn. */
  readonly maxPollRecords: number;
}

/** One assignment of one partition of the embedded log. Nothing is handed out inside a call of the reader's: always in a turn of its own. */
export class EmbeddedPartition implements Partition {
  isAssigned = true;
  #reader: Reader | null = null;
  #position: Offset | null = null;
  /** The reader is owed a chunk even if it is empty: where it begins was chosen here, or records before it are lost. */
  #isNews = false;
  #settled: Offset | null = null;
  #lastTimestampMs: number | null = null;
  #isDraining = false;
  #pausedWhy: PauseReason | null = null;
  #haltedWhy: string | null = null;
  #stopListening: () => void = () => undefined;
  readonly #share: Share;

  constructor(
    readonly source: TopicPartition,
    readonly session: number,
    private readonly parts: EmbeddedPartitionParts,
  ) {
    this.#share = parts.budget.share(() => this.#wake());
  }

  read(from: Offset | null): Observable<Chunk<RawRecord>> {
    return new Observable((reader) => {
      this.#stop()?.complete();
      if (!this.isAssigned || this.#isDraining) {
        reader.complete();
        return;
      }
      this.#reader = reader;
      this.#isNews = from === null && this.parts.reset === 'latest';
      this.#goTo(from);
      this.#stopListening = this.parts.log.onAppend(() => this.#wake());
      this.#wake();
      return () => {
        if (this.#reader === reader) this.#stop();
      };
    });
  }

  get isReadable(): boolean {
    return this.isAssigned && !this.#isDraining;
  }

  get isLaden(): boolean {
    return this.#share.isLaden;
  }

  settled(next: Offset): void {
    if (this.#settled === null || next > this.#settled) this.#settled = next;
    this.#share.free(next);
  }

  pause(why: PauseReason): void {
    if (this.#pausedWhy === null) this.parts.report({ _tag: 'partition_paused', source: this.source, why });
    this.#pausedWhy = why;
  }

  resume(): void {
    if (this.#pausedWhy === null) return;
    this.#pausedWhy = null;
    this.parts.report({ _tag: 'partition_resumed', source: this.source });
    this.#wake();
  }

  /** Taken away: the reader completes, and nothing of it is held any more. */
  end(): void {
    this.isAssigned = false;
    this.#stop()?.complete();
  }

  /** Reads nothing more, but stays assigned. */
  drain(): void {
    this.#isDraining = true;
    this.#stop()?.complete();
  }

  status(): PartitionStatus {
    const pausedWhy = this.#pausedWhy ?? (this.#share.isFull ? 'as many bytes are unsettled as may be' : null);
    const phase = pausedWhy !== null ? 'paused' : this.#reader !== null ? 'reading' : 'acquiring';
    return {
      source: this.source,
      phase: this.#haltedWhy !== null ? 'halted' : phase,
      reason: this.#haltedWhy ?? pausedWhy,
      next: this.#position,
      settled: this.#settled,
      highWatermark: this.parts.log.high,
      lastTimestampMs: this.#lastTimestampMs,
      unsettledBytes: this.#share.used,
    };
  }

  /** To where the log can be read from an offset on; what is not there any more is told, once. */
  #goTo(from: Offset | null): void {
    const { log, reset, history, report } = this.parts;
    const found = place(from, log, reset, history);
    if (found._tag === 'went_back') {
      this.#haltedWhy = `the log ends at ${log.high}, before the position ${from ?? 0}`;
      report({ _tag: 'partition_halted', source: this.source, offset: from ?? asOffset(0), why: this.#haltedWhy });
      return;
    }
    this.#position = found.offset;
    if (found.loss === null) return;
    this.#isNews = true;
    report({ _tag: 'data_loss', source: this.source, ...found.loss, why: 'the log begins after the position' });
  }

  #wake(): void {
    if (this.#isFlowing) this.parts.turns.request(this.#slice);
  }

  /** Hands out chunks until the log ends, the budget is full, or others should have their turn. */
  readonly #slice: Slice = (isDue) => {
    let handed = 0;
    while (this.#isFlowing && this.#hasMore && handed < this.parts.maxPollRecords) {
      handed += this.#handOut();
      if (isDue()) break;
    }
    return this.#isFlowing && this.#hasMore;
  };

  get #hasMore(): boolean {
    return this.#position !== null && (this.#isNews || this.#position < this.parts.log.high);
  }

  /** One chunk; returns how many records it took. Handing out may change everything: the reader may unsubscribe, settle or pause. */
  #handOut(): number {
    const { log, batchSize } = this.parts;
    const [reader, position] = [this.#reader, this.#position];
    if (reader === null || position === null) return 0;
    if (position < log.low) this.#goTo(position);
    const from = this.#position ?? position;
    const records = this.#isNews ? [] : log.read(from, batchSize);
    this.#isNews = false;
    const next = asOffset(from + records.length);
    this.#position = next;
    this.#lastTimestampMs = records.at(-1)?.timestampMs ?? this.#lastTimestampMs;
    this.#share.hold(
      next,
      records.reduce((sum, record) => sum + bytesOf(record), 0),
    );
    reader.next(chunkOf(this.source, records, next));
    return Math.max(1, records.length);
  }

  /** Forgets the reader and all that is out. */
  #stop(): Reader | null {
    const reader = this.#reader;
    this.#reader = null;
    this.#haltedWhy = null;
    this.#stopListening();
    this.#share.clear();
    return reader;
  }

  get #isFlowing(): boolean {
    return this.#reader !== null && this.#pausedWhy === null && this.#haltedWhy === null && !this.#share.isFull;
  }
}

/** What holding a record costs beside its bytes. */
const recordOverheadBytes = 16;

const bytesOf = ({ keyStart, keyEnd, valueLength }: RawRecord): number =>
  recordOverheadBytes + valueLength + (keyStart < 0 ? 0 : keyEnd - keyStart);
