import type { RuledState } from './ruled-state.js';
import type { Ownership } from './settle.js';

/** What a process last knew of a partition, at a moment when everything read had been settled: otherwise memory is ahead of the store. */
export interface Owned {
  readonly epoch: number;
  readonly ruled: RuledState;
  readonly ownership: Ownership;
}

/** A partition that comes back after a rebalance does so within seconds. */
const keptMs = 120_000;

/** Keeps it for a while after the partition was taken away, in case it comes back and nobody else has written since. */
export class Kept {
  #owned: Owned | null = null;
  #timer: NodeJS.Timeout | undefined;

  hold(owned: Owned): void {
    this.#owned = owned;
    this.#timer = setTimeout(() => (this.#owned = null), keptMs).unref();
  }

  /** Gives it away: whoever takes it goes on with it. */
  take(): Owned | null {
    const owned = this.#owned;
    this.#owned = null;
    clearTimeout(this.#timer);
    return owned;
  }
}
