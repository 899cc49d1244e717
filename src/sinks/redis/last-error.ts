import type { Client } from './client.js';

/** What connections last complained of, while they are away: their commands are only told that there were too many retries. */
export class LastError {
  #error: Error | null = null;

  constructor(clients: readonly Client[]) {
    for (const client of clients) {
      client.on('error', (error: Error) => (this.#error = error));
      client.on('ready', () => (this.#error = null));
    }
  }

  get error(): Error | null {
    return this.#error;
  }
}
