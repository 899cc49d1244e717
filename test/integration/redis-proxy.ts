import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A wire to Redis that can lose replies: what was asked arrives, what is answered does not. */
export class LossyProxy {
  readonly #sockets = new Set<Socket>();
  /** 'cut' closes the connection instead of passing the reply on; 'swallow' leaves it open and silent. */
  mode: 'pass' | 'cut' | 'swallow' = 'pass';
  /** Replies lost so far. */
  lost = 0;
  /** Whether a request is one whose reply is to be lost. */
  isMeant: (request: Buffer) => boolean = () => true;

  private constructor(
    readonly server: Server,
    readonly port: number,
  ) {}

  static async before(target: number): Promise<LossyProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const proxy = new LossyProxy(server, address.port);
    server.on('connection', (down) => {
      proxy.#join(down, target);
    });
    return proxy;
  }

  get endpoint(): string {
    return `127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  #join(down: Socket, target: number): void {
    const up = connect(target, '127.0.0.1');
    let isDoomed = false;
    for (const socket of [up, down]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        up.destroy();
        down.destroy();
      });
    }
    down.on('data', (request: Buffer) => {
      isDoomed ||= this.mode !== 'pass' && this.isMeant(request);
      up.write(request);
    });
    up.on('data', (reply: Buffer) => {
      if (!isDoomed) {
        down.write(reply);
        return;
      }
      this.lost += 1;
      if (this.mode === 'cut') down.destroy();
    });
  }
}
