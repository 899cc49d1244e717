import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { ServiceError } from '../service-error.js';

export interface Listening {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** What listens there: `the API and the page`. */
  readonly what: string;
  /** How somebody chooses another port: `--http-port or WEIR_HTTP_PORT`. */
  readonly setting: string;
}

/**
 * Resolves with the URL once the server listens.
 * Errors: rejects with `ServiceError` `port_taken` or, where the address itself is at fault, `config_invalid`.
 */
export const listenOn = (server: Server, listening: Listening): Promise<string> =>
  new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void => reject(explained(cause, listening));
    server.once('error', failed);
    server.listen(listening.port, listening.host, () => {
      server.off('error', failed);
      resolve(urlOf(server));
    });
  });

/** Where a server that listens is reached; empty while it does not listen. */
export const urlOf = (server: Server): string => {
  const address = server.address();
  if (address === null || typeof address === 'string') return '';
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
};

const explained = (cause: NodeJS.ErrnoException, { host, port, what, setting }: Listening): ServiceError => {
  const fault = (code: 'port_taken' | 'config_invalid', problem: string): ServiceError =>
    new ServiceError(code, `port ${port} on ${host}, meant for ${what}, ${problem}`, { cause });
  if (cause.code === 'EADDRINUSE') {
    return fault(
      'port_taken',
      `is taken by another process: stop that one, or choose another port with ${setting} (0 takes any free one)`,
    );
  }
  if (cause.code === 'EACCES') {
    return fault('port_taken', `may not be opened by this user: choose one above 1023 with ${setting}`);
  }
  return fault('config_invalid', `can't be opened (${cause.message}): check the host and ${setting}`);
};

/**
 * Takes no new connections, lets answers under way end until the deadline, then cuts what is left, upgraded connections too.
 */
export const closableServer = (server: Server): ((deadlineMs: number) => Promise<void>) => {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });

  return (deadlineMs) =>
    new Promise((resolve) => {
      if (!server.listening) {
        resolve();
        return;
      }
      const cut = setTimeout(() => open.forEach((socket) => socket.destroy()), deadlineMs);
      server.close(() => {
        clearTimeout(cut);
        resolve();
      });
      server.closeIdleConnections();
    });
};
