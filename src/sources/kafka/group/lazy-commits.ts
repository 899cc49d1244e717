import type { Offset, TopicPartition } from '../../../../streams/model/units.js';

export type Settled = TopicPartition & { readonly next: Offset };

/**
 * Tells the group how far results are settled, for lag tools alone: nothing ever reads it back, so a failure is only counted.
 * One attempt at a time; what did not change is not sent again.
 */
export class LazyCommits {
  failures = 0;
  readonly #told = new Map<string, Offset>();
  #isBusy = false;

  async flush(settled: readonly Settled[], commit: (offsets: readonly Settled[]) => Promise<void>): Promise<void> {
    const news = settled.filter((one) => this.#told.get(keyOf(one)) !== one.next);
    if (this.#isBusy || news.length === 0) return;
    this.#isBusy = true;
    try {
      await commit(news);
      for (const one of news) this.#told.set(keyOf(one), one.next);
    } catch {
      this.failures++;
    } finally {
      this.#isBusy = false;
    }
  }

  /** After a join another member may have told something else. */
  forget(): void {
    this.#told.clear();
  }
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;
