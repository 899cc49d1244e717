import type { Offset, TopicPartition } from '../../streams/model/units.js';

export interface Place {
  readonly epoch: number;
  readonly next: Offset | null;
}

/** What one chunk comes to. */
export interface Part {
  readonly source: TopicPartition;
  readonly epoch: number;
  readonly expected: Offset | null;
  readonly next: Offset;
  readonly values: readonly string[];
}

/** What a store does: position and results change together, and only for the newest owner. */
export interface Store {
  acquire(source: TopicPartition): Place | Promise<Place>;
  /** False when somebody else owns it by now. */
  commit(part: Part): boolean | Promise<boolean>;
}

interface Kept {
  epoch: number;
  next: Offset | null;
  readonly values: string[];
}

export const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

export class FakeStore implements Store {
  readonly #kept = new Map<string, Kept>();
  fenced = 0;

  acquire(source: TopicPartition): Place {
    const kept = this.of(source);
    kept.epoch++;
    return { epoch: kept.epoch, next: kept.next };
  }

  commit({ source, epoch, expected, next, values }: Part): boolean {
    const kept = this.of(source);
    if (kept.epoch !== epoch) {
      this.fenced++;
      return false;
    }
    if (kept.next !== expected)
      throw new Error(`chunks are not contiguous: at ${String(kept.next)}, expected ${String(expected)}`);
    kept.next = next;
    kept.values.push(...values);
    return true;
  }

  of(source: TopicPartition): Kept {
    const kept = this.#kept.get(keyOf(source)) ?? { epoch: 0, next: null, values: [] };
    this.#kept.set(keyOf(source), kept);
    return kept;
  }

  get count(): number {
    return [...this.#kept.values()].reduce((sum, { values }) => sum + values.length, 0);
  }

  get values(): readonly string[] {
    return [...this.#kept.values()].flatMap(({ values }) => values);
  }

  /** Of the values '0', '1', … `count` − 1: how many were never counted, and how often one was counted again. */
  wrongOf(count: number): { readonly missing: number; readonly doubled: number } {
    const seen = new Set(this.values);
    return { missing: count - seen.size, doubled: this.values.length - seen.size };
  }

  /** Of numbers as values: whether each partition's were counted in order. */
  get isInOrder(): boolean {
    return [...this.#kept.values()].every(({ values }) =>
      values.every((value, i) => i === 0 || Number(value) > Number(values[i - 1])),
    );
  }
}
