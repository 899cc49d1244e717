import type { Report } from '../../events.js';
import type { Client } from './client.js';

/** Tells when the connections of a store are lost and when they are all back: once each, not once per connection. */
export class Watch {
  #isConnected = true;
  #isStopped = false;

  constructor(
    readonly clients: readonly Client[],
    readonly report: Report,
    /** Why there is no connection, as last heard. */
    readonly reason: () => string,
    readonly onReady: () => void,
  ) {
    for (const client of clients) {
      client.on('close', () => {
        this.#lost();
      });
      client.on('ready', () => {
        this.#ready();
      });
    }
  }

  /** From now on connections close because they are meant to. */
  stop(): void {
    this.#isStopped = true;
  }

  #lost(): void {
    if (this.#isStopped || !this.#isConnected) return;
    this.#isConnected = false;
    this.report({ _tag: 'store_disconnected', message: this.reason() });
  }

  #ready(): void {
    if (this.#isConnected || this.clients.some(({ status }) => status !== 'ready')) return;
    this.#isConnected = true;
    this.report({ _tag: 'store_connected' });
    this.onReady();
  }
}
