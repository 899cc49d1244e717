import { Observable, type Subscriber } from 'rxjs';
import { chunkOf, type Chunk } from '../../../streams/model/chunk.js';
import type { RawRecord } from '../../../streams/model/raw-record.js';
import { asOffset, type Offset, type TopicPartition } from '../../../streams/model/units.js';
import type { Partition, PartitionStatus, PauseReason } from '../../ports.js';
import type { Share } from '../budget.js';
import type { FetchedBatch } from './wire/fetched-batch.js';
import { locate } from './locate.js';
import type { PartitionParts } from './partition-parts.js';
import { RecordSetReader } from './wire/record-set.js';
import type { Slice } from '../turns.js';
import type { Watermarks } from '../place.js';

type Reader = Subscriber<Chunk<RawRecord>>;

interface Backlog {
  readonly records: RecordSetReader;
  /** Lets the consumer go on. */
  readonly done: () => void;
}

/**
 * One assignment of one partition. The position is its own: the consumer fetches where it is told, and whatever it brings from
 * elsewhere is refused. One fetch is held at a time, undecoded, and handed out in chunks as far as the budget allows.
 */
export class KafkaPartition implements Partition {
  isAssigned = true;
  #reader: Reader | null = null;
  #position: Offset | null = null;
  #settled: Offset | null = null;
  #highWatermark: Offset | null = null;
  #lastTimestampMs: number | null = null;
  #isLocated = false;
  #isFetching = false;
  #isDraining = false;
  #backlog: Backlog | null = null;
  #pausedWhy: PauseReason | null = null;
  #haltedWhy: string | null = null;
  #signOfLifeMs: number;
  readonly #share: Share;

  constructor(
    readonly source: TopicPartition,
    readonly session: number,
    private readonly parts: PartitionParts,
  ) {
    this.#share = parts.budget.share(() => this.#adjust());
    this.#signOfLifeMs = parts.nowMs();
  }

  read(from: Offset | null): Observable<Chunk<RawRecord>> {
    return new Observable((reader) => {
      this.#stop()?.complete();
      if (!this.isAssigned || this.#isDraining) {
        reader.complete();
        return;
      }
      this.#reader = reader;
      void this.#locate(reader, from, null);
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
    this.#adjust();
  }

  resume(): void {
    if (this.#pausedWhy === null) return;
    this.#pausedWhy = null;
    this.parts.report({ _tag: 'partition_resumed', source: this.source });
    this.#adjust();
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

  /** What a fetch brought. Resolves when it is handed out, or when the consumer is paused and need not wait for it. */
  offer(batch: FetchedBatch): Promise<void> {
    this.#highWatermark = asOffset(Math.max(0, Number(batch.highWatermark)));
    const [reader, position] = [this.#reader, this.#position];
    if (reader === null || position === null || !this.#isFetching || this.#backlog !== null) return Promise.resolve();
    const fetched = asOffset(Number(batch.fetchedOffset));
    if (fetched !== position) void this.#locate(reader, position, fetched);
    else if (batch.fault !== null) this.#halt(batch.fault);
    else if (batch.bytes.length === 0) this.#signOfLifeMs = this.parts.nowMs();
    else return this.#accept(batch, position);
    return Promise.resolve();
  }

  /** Where the consumer may fetch next; null when it will be told. */
  get fetchNext(): Offset | null {
    return this.#isFetching && this.#backlog === null ? this.#position : null;
  }

  /** For how long nothing has come although it should, ms. */
  get silentForMs(): number {
    const isHindered = this.#pausedWhy !== null || this.#haltedWhy !== null || this.#share.isFull;
    const isAwaited = this.#reader !== null && !isHindered && this.#backlog === null;
    return isAwaited ? this.parts.nowMs() - this.#signOfLifeMs : 0;
  }

  status(): PartitionStatus {
    const isReading = this.#reader !== null && this.#isLocated;
    const pausedWhy = this.#pausedWhy ?? (this.#share.isFull ? 'as many bytes are unsettled as may be' : null);
    return {
      source: this.source,
      phase: this.#haltedWhy !== null ? 'halted' : pausedWhy !== null ? 'paused' : isReading ? 'reading' : 'acquiring',
      reason: this.#haltedWhy ?? pausedWhy,
      next: this.#position,
      settled: this.#settled,
      highWatermark: this.#highWatermark,
      lastTimestampMs: this.#lastTimestampMs,
      unsettledBytes: this.#share.used,
    };
  }

  /** Finds out whether the log still holds the position, and goes there. `movedTo`: where the consumer was found instead. */
  async #locate(reader: Reader, from: Offset | null, movedTo: Offset | null): Promise<void> {
    const { source, parts } = this;
    this.#isLocated = false;
    this.#position = from;
    this.#signOfLifeMs = parts.nowMs();
    this.#adjust();
    const isWanted = (): boolean => this.#reader === reader;
    const ends = (): Promise<Watermarks> => parts.fetching.ends(source);
    const found = await locate({ from, reset: parts.reset, history: parts.history, ends, isWanted });
    if (found === null || !isWanted()) return;
    if (found._tag === 'went_back') {
      this.#halt(found.why);
      return;
    }
    const { offset, loss } = found;
    if (loss !== null) parts.report({ _tag: 'data_loss', source, ...loss, why: 'the log begins after the position' });
    else if (from !== null && movedTo !== null) parts.report({ _tag: 'position_moved', source, from, to: movedTo });
    this.#isLocated = true;
    this.#signOfLifeMs = parts.nowMs();
    this.#position = offset;
    // Settling it at once keeps a chosen beginning, or a counted loss, through whatever comes next.
    if (loss !== null || (from === null && parts.reset === 'latest')) this.#emit(reader, [], offset, 0);
    this.#adjust();
  }

  #accept(batch: FetchedBatch, from: Offset): Promise<void> {
    const records = new RecordSetReader(batch, { from, maxBatchBytes: this.parts.maxBatchBytes });
    return new Promise((done) => {
      this.#backlog = { records, done };
      this.parts.turns.request(this.#slice);
    });
  }

  /** Hands out chunks of the backlog until it is empty, the budget is full, or others should have their turn. */
  readonly #slice: Slice = (isDue) => {
    const backlog = this.#backlog;
    for (let handed = 0; backlog !== null && this.#backlog === backlog && this.#isFlowing;) {
      handed += this.#handOut(backlog.records);
      if (handed >= this.parts.maxPollRecords || isDue()) break;
    }
    this.#adjust();
    return this.#backlog !== null && this.#isFlowing;
  };

  /** One chunk; returns how many records it took. Handing out may change everything: the reader may unsubscribe, settle or pause. */
  #handOut(records: RecordSetReader): number {
    const reader = this.#reader;
    const bytesBefore = records.bytesTaken;
    const taken = records.take(this.parts.batchSize);
    const isNews = taken.length > 0 || this.#position === null || records.next > this.#position;
    if (records.isDone) this.#dropBacklog();
    if (reader !== null && isNews) this.#emit(reader, taken, records.next, records.bytesTaken - bytesBefore);
    if (records.fault !== null && this.#reader === reader) this.#halt(records.fault);
    return Math.max(1, taken.length);
  }

  #emit(reader: Reader, records: readonly RawRecord[], next: Offset, bytes: number): void {
    this.#position = next;
    this.#lastTimestampMs = records.at(-1)?.timestampMs ?? this.#lastTimestampMs;
    this.#signOfLifeMs = this.parts.nowMs();
    this.#share.hold(next, bytes);
    reader.next(chunkOf(this.source, records, next));
  }

  #halt(why: string): void {
    this.#haltedWhy = why;
    this.parts.report({ _tag: 'partition_halted', source: this.source, offset: this.#position ?? asOffset(0), why });
    this.#dropBacklog();
    this.#adjust();
  }

  #dropBacklog(): void {
    const backlog = this.#backlog;
    this.#backlog = null;
    backlog?.done();
  }

  /** Forgets the reader and all that is out. */
  #stop(): Reader | null {
    const reader = this.#reader;
    this.#reader = null;
    this.#isLocated = false;
    this.#haltedWhy = null;
    this.#dropBacklog();
    this.#share.clear();
    this.#adjust();
    return reader;
  }

  get #isFlowing(): boolean {
    const isWanted = this.#reader !== null && this.#isLocated;
    return isWanted && this.#pausedWhy === null && this.#haltedWhy === null && !this.#share.isFull;
  }

  /** Brings the consumer in line with what is wanted now. What is held already comes before anything is fetched. */
  #adjust(): void {
    const { fetching, turns, nowMs } = this.parts;
    if (!this.#isFlowing) {
      if (this.#isFetching) fetching.pause(this.source);
      this.#isFetching = false;
      this.#backlog?.done();
    } else if (this.#backlog !== null) {
      turns.request(this.#slice);
    } else if (!this.#isFetching && this.#position !== null) {
      this.#isFetching = true;
      this.#signOfLifeMs = nowMs();
      fetching.resumeAt(this.source, this.#position);
    }
  }
}
