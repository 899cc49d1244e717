import { createServer, type Server } from 'node:http';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ServiceEvent } from '../../../../src/events.js';
import { closableServer, listenOn } from '../../../../src/http/listen.js';
import {
  socketIoPush,
  type AlertFrame,
  type DeviceFrame,
  type Hello,
  type SocketIoPush,
} from '../../../../src/sinks/socketio/socket-io-push.js';
import { alertOf, deviceView } from '../../http/fakes.js';

describe('socketIoPush', () => {
  let server: Server;
  let push: SocketIoPush;
  let url: string;
  let clients: Socket[];
  let events: ServiceEvent[];
  let closeServer: (deadlineMs: number) => Promise<void>;

  beforeEach(async () => {
    clients = [];
    events = [];
    server = createServer();
    closeServer = closableServer(server);
    push = socketIoPush({
      server,
      framesPerSecond: 20,
      version: '1.2.3',
      settings: () => ({ windowSizeMs: 60_000 }),
      report: (event) => void events.push(event),
    });
    url = await listenOn(server, { host: '127.0.0.1', port: 0, what: 'a test', setting: '-' });
  });

  afterEach(async () => {
    for (const client of clients) client.disconnect();
    await push.close();
    await closeServer(500);
  });

  const client = (): Socket => {
    const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true });
    clients.push(socket);
    return socket;
  };
  const next = <A>(socket: Socket, event: string): Promise<A> => new Promise((resolve) => socket.once(event, resolve));
  const connected = async (): Promise<{ readonly socket: Socket; readonly hello: Hello }> => {
    const socket = client();
    return { socket, hello: await next<Hello>(socket, 'hello') };
  };

  test('greets a client with version, frame rate and settings, and counts it', async () => {
    expect([push.clients, push.isListened]).toEqual([0, false]);
    const { socket, hello } = await connected();
    expect(hello).toEqual({ version: '1.2.3', framesPerSecond: 20, seq: 0, settings: { windowSizeMs: 60_000 } });
    expect([push.clients, push.isListened]).toEqual([1, true]);

    socket.disconnect();
    await vi.waitUntil(() => push.clients === 0);
    expect(push.isListened).toBe(false);
  });

  test('sends changed devices as numbered frames to every client', async () => {
    const [a, b] = [await connected(), await connected()];
    const frames = Promise.all([next<DeviceFrame>(a.socket, 'devices'), next<DeviceFrame>(b.socket, 'devices')]);
    push.devices([deviceView('d-1'), deviceView('d-2')]);
    for (const frame of await frames) {
      expect(frame).toMatchObject({ seq: 1, devices: [deviceView('d-1'), deviceView('d-2')] });
    }
    const second = next<DeviceFrame>(a.socket, 'devices');
    push.devices([deviceView('d-3')]);
    expect(await second).toMatchObject({ seq: 2, devices: [deviceView('d-3')] });
    expect(push.frames).toBe(2);
  });

  test('tells a newcomer the number of the last frame, so that it sees a gap', async () => {
    const { socket } = await connected();
    const frame = next(socket, 'devices');
    push.devices([deviceView('d-1')]);
    await frame;
    expect((await connected()).hello.seq).toBe(1);
  });

  test('sends alerts at once, in order, ahead of devices that wait for their frame', async () => {
    const { socket } = await connected();
    const heard: string[] = [];
    const first = next(socket, 'devices');
    push.devices([deviceView('d-0')]);
    await first;
    const last = next(socket, 'devices');
    socket.on('devices', () => heard.push('devices'));
    socket.on('alerts', ({ alerts }: AlertFrame) => heard.push(...alerts.map(({ id, version }) => `${id} ${version}`)));
    push.devices([deviceView('d-1')]);
    push.alerts([alertOf('d-1', { id: 'x' })]);
    push.alerts([alertOf('d-1', { id: 'x', version: 2, state: 'cleared' }), alertOf('d-2', { id: 'y' })]);
    await last;
    expect(heard).toEqual(['x 1', 'x 2', 'y 1', 'devices']);
  });

  test('keeps and encodes nothing while nobody listens', async () => {
    const stringify = vi.spyOn(JSON, 'stringify');
    push.devices([deviceView('early')]);
    push.alerts([alertOf('early')]);
    expect(stringify).not.toHaveBeenCalled();
    stringify.mockRestore();

    const { socket } = await connected();
    const frame = next<DeviceFrame>(socket, 'devices');
    push.devices([deviceView('d-1')]);
    expect((await frame).devices.map(({ id }) => id)).toEqual(['d-1']);
  });

  test('reports what can not be encoded instead of throwing', async () => {
    await connected();
    const alert = alertOf('d-1');
    Object.defineProperty(alert, 'raisedValue', { enumerable: true, value: 1n });
    expect(() => push.alerts([alert])).not.toThrow();
    expect(events).toMatchObject([{ _tag: 'fault', code: 'internal' }]);
  });

  test('turns away a page of another origin and lets in one of its own', async () => {
    const open = (origin: string): Promise<number> =>
      fetch(`${url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } }).then(({ status }) => status);
    expect(await open('http://elsewhere.example')).toBe(403);
    expect(await open('null')).toBe(403);
    expect(await open(url)).toBe(200);
  });

  test('closes every client within its deadline and stays silent afterwards', async () => {
    const { socket } = await connected();
    const gone = next<string>(socket, 'disconnect');
    const began = performance.now();
    await push.close();
    expect(performance.now() - began).toBeLessThan(2000);
    expect(await gone).toBe('transport close');
    expect([push.clients, push.isListened]).toEqual([0, false]);
    push.devices([deviceView('late')]);
    push.alerts([alertOf('late')]);
    expect(push.frames).toBe(0);
  });

  test('serves the client script', async () => {
    const script = await fetch(`${url}/socket.io/socket.io.esm.min.js`);
    expect([script.status, script.headers.get('content-type')]).toEqual([200, 'application/javascript; charset=utf-8']);
  });
});
