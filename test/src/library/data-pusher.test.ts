import { io, type Socket } from 'socket.io-client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type AlertFrame,
  createDataProcessor,
  createDataPusher,
  type DeviceFrame,
  type Hello,
} from '../../../src/index.js';
import { alertOf, deviceView } from '../http/fakes.js';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const next = <A>(socket: Socket, event: string): Promise<A> => new Promise((resolve) => socket.once(event, resolve));

const listening = async () => {
  const pusher = createDataPusher({ port: 0, framesPerSecond: 20 });
  const url = await pusher.listen();
  ends.push(() => pusher.close());
  const client = io(url, { transports: ['websocket'], reconnection: false, forceNew: true });
  ends.push(() => void client.disconnect());
  return { pusher, url, client, hello: await next<Hello>(client, 'hello') };
};

describe('a data pusher', () => {
  test('greets and counts clients', async () => {
    const { pusher, client, hello } = await listening();
    expect(hello).toMatchObject({
      framesPerSecond: 20,
      seq: 0,
      settings: { windows: [{ id: 'minute', span: { kind: 'tumbling', settings: { size: 60_000 } } }] },
    });
    expect(pusher.getConnectedClients()).toBe(1);
    client.disconnect();
    await vi.waitUntil(() => pusher.getConnectedClients() === 0);
  });

  test('pushes devices as a frame and alerts at once', async () => {
    const { pusher, client } = await listening();
    const [frame, alerts] = [next<DeviceFrame>(client, 'devices'), next<AlertFrame>(client, 'alerts')];
    pusher.pushDeviceData(deviceView('d-1'), deviceView('d-2'));
    pusher.pushAlert(alertOf('d-1'));
    expect((await frame).devices).toEqual([deviceView('d-1'), deviceView('d-2')]);
    expect((await alerts).alerts).toEqual([alertOf('d-1')]);
  });

  test('pushes what a processor gives', async () => {
    const { pusher, client } = await listening();
    const processor = createDataProcessor();
    const value = JSON.stringify({ device_id: 'd-1', timestamp: new Date().toISOString(), temperature: 41 });
    const { alerts } = processor.process({ value });
    const frame = next<DeviceFrame>(client, 'devices');
    const raised = next<AlertFrame>(client, 'alerts');
    const device = processor.getDevice('d-1');
    if (device !== null) pusher.pushDeviceData(device);
    pusher.pushAlert(...alerts);
    expect((await frame).devices).toMatchObject([{ id: 'd-1', readings: { temperature: { value: 41 } } }]);
    expect((await raised).alerts).toMatchObject([{ rule: 'temperature-high', state: 'active' }]);
  });

  test('says which port is taken', async () => {
    const { url } = await listening();
    const second = createDataPusher({ port: Number(new URL(url).port) });
    await expect(second.listen()).rejects.toMatchObject({ code: 'port_taken' });
    await second.close();
  });

  test('serves nothing but the push', async () => {
    const { url } = await listening();
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/socket.io/socket.io.esm.min.js`)).status).toBe(200);
  });
});
