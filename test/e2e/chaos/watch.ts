import { setTimeout as wait } from 'node:timers/promises';
import type { Stage } from './stage.js';
import type { Glimpse } from './stored.js';

/** Looks at one partition after the other while everything happens: what the store holds must be right at every moment, not only at the end. */
export class Watch {
  readonly glimpses: Glimpse[] = [];
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>;

  constructor(
    private readonly stage: Stage,
    private readonly everyMs: number,
  ) {
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#watching;
  }

  /** Offsets that went back between two looks, which nothing but a store that lost writes explains. */
  get steppedBack(): readonly string[] {
    const newest = new Map<number, number>();
    return this.glimpses.flatMap(({ partition, next }) => {
      const before = newest.get(partition) ?? 0;
      newest.set(partition, next);
      return next < before ? [`partition ${partition} went back from ${before} to ${next}`] : [];
    });
  }

  async #watch(): Promise<void> {
    const { stored, topic, group, options } = this.stage;
    for (let turn = 0; !this.#stopping.signal.aborted; turn += 1) {
      const glimpse = await stored.glimpse(topic, turn % options.partitions, group);
      if (glimpse !== null) this.glimpses.push(glimpse);
      await wait(this.everyMs);
    }
  }
}
