import type { Client } from './client.js';

/** What connections last complained of: their commands are only told that there were too many retries. */
export class LastError {
  #error: Error | null = null;
  readonly #listen = (error: Error): void => {
    this.#error = error;
  };

  constructor(readonly clients: readonly Client[]) {
    for (const client of clients) client.on('error', this.#listen);
  }

  get error(): Error | null {
    return this.#error;
  }

  stop(): void {
    for (const client of this.clients) client.off('error', this.#listen);
  }
}
