import type { Offset, TopicPartition } from '../../streams/model/units.js';

/** Which rules have decided a partition since which record. */
export interface RuleSpan {
  readonly sequence: number;
  readonly version: string;
  /** Offset of the first record decided by them. */
  readonly since: Offset;
}

/** A partition that this process decides. */
export interface Run {
  readonly source: TopicPartition;
  /** Null before its first chunk. */
  span: RuleSpan | null;
  /** Of its last chunk, by `performance.now()`; −Infinity before the first. */
  chunkAtMs: number;
}

/** Partitions without a chunk for that long have nothing to change over with. */
const idleMs = 5_000;
const lookEveryMs = 10;

/** The partitions of this process, and the rules that each of them runs. */
export class Runs {
  readonly #runs = new Set<Run>();

  begin(source: TopicPartition): Run {
    const run = { source, span: null, chunkAtMs: -Infinity };
    this.#runs.add(run);
    return run;
  }

  end(run: Run): void {
    this.#runs.delete(run);
  }

  list(): readonly Run[] {
    return [...this.#runs].sort(
      (a, b) => order(a.source.topic, b.source.topic) || a.source.partition - b.source.partition,
    );
  }

  /** Resolves once every partition with traffic runs rules of that sequence or newer ones, or the time is over. */
  async untilRun(sequence: number, withinMs: number): Promise<void> {
    const endMs = performance.now() + withinMs;
    while (performance.now() < endMs && this.#waits(sequence)) {
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  }

  #waits(sequence: number): boolean {
    const nowMs = performance.now();
    return [...this.#runs].some(
      ({ span, chunkAtMs }) => nowMs - chunkAtMs < idleMs && (span === null || span.sequence < sequence),
    );
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
