import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

/** Ports of 127.0.0.1 that nobody listens on now; different ones. */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
};

/** Sends one line and gives what comes back at first. */
export const askOnce = (address: string, line: string, timeoutMs = 5_000): Promise<string> =>
  new Promise((answered, failed) => {
    const at = address.lastIndexOf(':');
    const socket = connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)) });
    const fail = (why: string): void => {
      socket.destroy();
      failed(new Error(`${address}: ${why}`));
    };
    socket.setTimeout(timeoutMs, () => fail(`no answer within ${timeoutMs} ms`));
    socket.on('error', ({ message }) => fail(message));
    socket.on('close', () => fail('closed without an answer'));
    socket.on('connect', () => socket.write(line));
    socket.once('data', (data) => {
      answered(data.toString());
      socket.destroy();
    });
  });
