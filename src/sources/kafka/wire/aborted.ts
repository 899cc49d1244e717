import { isControl, isTransactional, type BatchHeader } from './batch-header.js';

/** A transaction that was aborted, as the broker lists it beside the fetched bytes: both numbers as decimal text. */
export interface AbortedTransaction {
  readonly producerId: string;
  readonly firstOffset: string;
}

/**
 * Which batches belong to aborted transactions: from the first offset of one until its abort marker, per producer. Batches must be
 * shown in log order, those below the fetched offset included, because a transaction may begin there.
 */
export class AbortedBatches {
  readonly #pending: { readonly producerId: number; readonly firstOffset: number }[];
  readonly #open = new Set<number>();

  constructor(transactions: readonly AbortedTransaction[]) {
    this.#pending = transactions
      .map(({ producerId, firstOffset }) => ({ producerId: Number(producerId), firstOffset: Number(firstOffset) }))
      .sort((one, other) => other.firstOffset - one.firstOffset);
  }

  /** Whether the records of this batch never happened. */
  covers(header: BatchHeader): boolean {
    for (let first = this.#pending.at(-1); first !== undefined; first = this.#pending.at(-1)) {
      if (first.firstOffset >= header.nextOffset) break;
      this.#open.add(first.producerId);
      this.#pending.pop();
    }
    return isTransactional(header) && !isControl(header) && this.#open.has(header.producerId);
  }

  /** Told of each marker; `key` is that of its record: a version and a kind, 16 bits each, where kind 0 is abort. */
  mark(header: BatchHeader, key: Buffer | null): void {
    if (key !== null && key.length >= 4 && key.readInt16BE(2) === 0) this.#open.delete(header.producerId);
  }
}
