import type { RedisConfig } from '../../config/config.js';
import { answerOf, type Client, closeClient, createClient, type Patience } from './client.js';
import { asRedisError } from './faults.js';
import { LastError } from './last-error.js';
import { within } from './within.js';

/** Somebody waits for the answer: better to say soon that Redis is away. */
const patience: Patience = { connectMs: 2_000, replyMs: 4_000 };

/** Questions to Redis that are not the stream's, over a connection of their own, which the first one opens. */
export class Questions {
  readonly #client: Client;
  readonly #last: LastError;
  readonly #where: string;

  constructor(config: RedisConfig, name: string) {
    this.#client = createClient(config, name, patience);
    this.#last = new LastError([this.#client]);
    this.#where = `redis ${config.endpoints.join(', ')}`;
  }

  /** Errors: rejects with `ServiceError` when Redis is away or does not answer. */
  async ask<A>(question: (client: Client) => Promise<A>): Promise<A> {
    try {
      const asked = answerOf(this.#client, question(this.#client), patience.replyMs);
      return await within(patience.replyMs, asked, () => this.#last.error);
    } catch (error) {
      throw asRedisError(this.#client.status === 'ready' ? error : (this.#last.error ?? error), this.#where);
    }
  }

  close(): Promise<void> {
    closeClient(this.#client);
    return Promise.resolve();
  }
}
