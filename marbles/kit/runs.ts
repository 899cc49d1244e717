import { type OperatorFunction, Subject } from 'rxjs';
import { type Chunk, chunkOf } from '../../streams/model/chunk.js';
import type { RawRecord } from '../../streams/model/raw-record.js';
import type { PipelineSettings } from '../../streams/rules/settings.js';
import { asOffset, type Offset } from '../../streams/model/units.js';
import { PartitionState } from '../../streams/state/partition-state.js';
import type { Log } from './logs.js';

/** An operator that is yet to be given its settings and its memory: the shape of `OwnOperator` and of most built-in ones. */
export type Operator<A, B> = (
  settings: PipelineSettings,
  state: PartitionState,
) => OperatorFunction<Chunk<A>, Chunk<B>>;

/** What happens after a chunk. */
export type Then =
  | 'go on'
  /** State and offset are written; what came out so far counts. */
  | 'commit'
  /** The process dies: whatever came after the last commit is lost and read again, by a new one. */
  | 'crash'
  /** Written, then the partition is given away and comes back: a new pipeline on the state that is still in memory. */
  | 'hand over';

/** How a log is read: chunk after chunk of these sizes (again from the first when they are used up), and what happens after each. */
export interface Course {
  readonly sizes: readonly number[];
  readonly then: readonly Then[];
}

/** Everything at once, then a commit. */
export const atOnce: Course = { sizes: [Infinity], then: [] };

/** What lies in the store: texts, as they were written. */
export interface Store {
  partition: string | null;
  readonly devices: Map<string, string>;
  next: Offset;
}

/** What counts in the end. */
export interface Run<B> {
  readonly settled: readonly Chunk<B>[];
  readonly store: Store;
}

const source = { topic: 'law', partition: 0 };

/** Reads a log through an operator as the service does, with a store of its own, along a course of chunks, commits and crashes. */
export const runLog = <B>(
  operator: Operator<RawRecord, B>,
  settings: PipelineSettings,
  log: Log,
  course: Course,
): Run<B> => {
  const store: Store = { partition: null, devices: new Map(), next: asOffset(0) };
  const settled: Chunk<B>[] = [];
  let process = new Process(operator, settings, PartitionState.empty(source));
  let pending: Chunk<B>[] = [];
  const cut = new Cut(log, course.sizes);
  const commit = (next: Offset): void => {
    settled.push(...pending);
    pending = [];
    write(store, process.state, next);
  };
  for (let step = 0; ; step += 1) {
    const chunk = cut.next();
    if (chunk === null) break;
    pending.push(...process.take(chunk));
    const then = course.then[step] ?? 'go on';
    if (then === 'commit' || then === 'hand over') commit(chunk.next);
    if (then === 'hand over') process = new Process(operator, settings, process.state);
    if (then === 'crash') {
      pending = [];
      cut.goTo(store.next);
      process = new Process(operator, settings, read(store));
    }
  }
  commit(cut.position);
  return { settled, store };
};

/** One life of an operator on one state. */
class Process<B> {
  readonly #chunks$ = new Subject<Chunk<RawRecord>>();
  #out: Chunk<B>[] = [];
  #error: { readonly thrown: unknown } | null = null;

  constructor(
    operator: Operator<RawRecord, B>,
    settings: PipelineSettings,
    readonly state: PartitionState,
  ) {
    this.#chunks$.pipe(operator(settings, state)).subscribe({
      next: (chunk) => this.#out.push(chunk),
      error: (thrown: unknown) => {
        this.#error = { thrown };
      },
    });
  }

  take(chunk: Chunk<RawRecord>): readonly Chunk<B>[] {
    this.#out = [];
    this.#chunks$.next(chunk);
    if (this.#error !== null) throw this.#error.thrown;
    return this.#out;
  }
}

/** Cuts a log into chunks. */
class Cut {
  position = asOffset(0);
  #at = 0;
  #step = 0;

  constructor(
    readonly log: Log,
    readonly sizes: readonly number[],
  ) {}

  next(): Chunk<RawRecord> | null {
    const left = this.log.records.length - this.#at;
    if (left === 0) return null;
    const isStuck = !this.sizes.some((size) => size > 0);
    const size = isStuck ? left : (this.sizes[this.#step % this.sizes.length] ?? left);
    this.#step += 1;
    const records = this.log.records.slice(this.#at, this.#at + size);
    this.#at += records.length;
    const last = records.at(-1);
    if (last !== undefined) this.position = asOffset(last.offset + 1);
    return chunkOf(source, records, this.position);
  }

  goTo(next: Offset): void {
    this.position = next;
    const at = this.log.records.findIndex(({ offset }) => offset >= next);
    this.#at = at < 0 ? this.log.records.length : at;
  }
}

const write = (store: Store, state: PartitionState, next: Offset): void => {
  const { partition, devices } = state.snapshot();
  store.partition = partition;
  for (const [id, text] of devices) store.devices.set(id, text);
  store.next = next;
};

/** Devices come back in another order than they were written in: a store promises none. */
const read = ({ partition, devices }: Store): PartitionState =>
  PartitionState.restore(source, { partition, devices: [...devices].reverse() });
