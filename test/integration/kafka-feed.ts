import { setTimeout as wait } from 'node:timers/promises';
import type { Sender } from '../../src/sources/kafka/writing/sender.js';
import type { FakeStore } from './kafka-store.js';

/** Writes the numbers from 0 on, over all partitions there are at the moment, until it is stopped; never far ahead of the store. */
export class Feed {
  sent = 0;
  #isOn = true;
  readonly #done: Promise<void>;

  constructor(
    private readonly sender: Sender,
    private readonly store: FakeStore,
    private readonly topic: string,
    public partitions: number,
  ) {
    this.#done = this.#run();
  }

  /** Resolves with how many were written. */
  async stop(): Promise<number> {
    this.#isOn = false;
    await this.#done;
    return this.sent;
  }

  async #run(): Promise<void> {
    for (let turn = 0; this.#isOn; turn++) {
      if (this.sent - this.store.count > 2_000) {
        await wait(5);
        continue;
      }
      const records = Array.from({ length: 25 }, () => ({ key: null, value: String(this.sent++) }));
      await this.sender.send(this.topic, turn % this.partitions, records);
    }
  }
}
