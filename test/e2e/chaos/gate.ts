import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/**
 * Stands between a service and its Redis, and can hold what it sends or lose what it is answered. What was held goes out when the gate
 * opens, whether its sender still listens or not: as packets on their way do.
 */
export class Gate {
  readonly #server: Server;
  readonly #passages = new Set<Passage>();
  #isHolding: ((text: string) => boolean) | null = null;
  #isLost: ((text: string) => boolean) | null = null;
  /** What Redis answered to what had been held. */
  readonly answersToHeld: string[] = [];
  lost = 0;

  private constructor(
    readonly host: string,
    readonly port: number,
  ) {
    this.#server = createServer((client) => {
      const passage = new Passage(client, connect({ host, port }), this);
      this.#passages.add(passage);
      passage.ended.then(() => this.#passages.delete(passage)).catch(() => undefined);
    });
  }

  static async before(endpoint: string): Promise<Gate> {
    const at = endpoint.lastIndexOf(':');
    const gate = new Gate(endpoint.slice(0, at), Number(endpoint.slice(at + 1)));
    gate.#server.listen(0, '127.0.0.1');
    await once(gate.#server, 'listening');
    return gate;
  }

  get endpoint(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the gate is closed');
    return `127.0.0.1:${address.port}`;
  }

  /** From the first message on that holds this text, everything on its connection waits. */
  hold(text: string): void {
    this.#isHolding = (sent) => sent.includes(text);
  }

  get held(): string {
    return [...this.#passages].map(({ held }) => Buffer.concat(held).toString('latin1')).join('');
  }

  open(): void {
    this.#isHolding = null;
    for (const passage of this.#passages) passage.open();
  }

  /** The next answer that holds this text is not delivered; its connection breaks instead. */
  loseAnswer(text: string): void {
    this.#isLost = (answer) => answer.includes(text);
  }

  async close(): Promise<void> {
    for (const passage of this.#passages) passage.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Asked by a passage. */
  isHeld(sent: Buffer): boolean {
    return this.#isHolding?.(sent.toString('latin1')) ?? false;
  }

  isLost(answer: Buffer): boolean {
    if (this.#isLost?.(answer.toString('latin1')) !== true) return false;
    this.#isLost = null;
    this.lost += 1;
    return true;
  }
}

class Passage {
  readonly held: Buffer[] = [];
  readonly ended: Promise<unknown>;
  #isHeld = false;
  #wasHeld = false;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    gate: Gate,
  ) {
    client.on('data', (sent) => {
      this.#isHeld ||= gate.isHeld(sent);
      if (this.#isHeld) this.held.push(sent);
      else server.write(sent);
    });
    server.on('data', (answer) => {
      if (this.#wasHeld) gate.answersToHeld.push(answer.toString('latin1'));
      if (gate.isLost(answer)) client.destroy();
      else if (!client.destroyed) client.write(answer);
    });
    for (const socket of [client, server]) socket.on('error', () => undefined);
    // The server is not told that the client is gone while something of it is still on its way.
    client.on('close', () => {
      if (!this.#isHeld && !this.#wasHeld) server.end();
    });
    server.on('close', () => client.destroy());
    this.ended = once(server, 'close');
  }

  open(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#wasHeld = true;
    for (const sent of this.held.splice(0)) this.server.write(sent);
    if (this.client.destroyed) this.server.end();
  }

  destroy(): void {
    this.client.destroy();
    this.server.destroy();
  }
}
