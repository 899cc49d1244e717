import { request } from 'node:http';
import * as t from 'io-ts';
import { describe, expect, test } from 'vitest';
import type { HttpDoor, HttpOptions } from '../../../src/http/open-http.js';
import { openHttp } from '../../../src/http/open-http.js';
import { ServiceError } from '../../../src/service-error.js';
import { alertOf, deviceView, fakeReader, listeningHttp, noDesk, statusParts, windowResult } from './fakes.js';

const serving = async (changed: Partial<HttpOptions> = {}) => {
  const { door, events } = await listeningHttp(changed);
  const get = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${door.url}${path}`, init);
    const text = await response.text();
    const body: unknown = text === '' ? null : JSON.parse(text);
    return { status: response.status, headers: response.headers, body };
  };
  return { door, events, get };
};

/** The path as written, which `fetch` would normalise. */
const raw = (door: HttpDoor, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(door.url);
    request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });

describe('GET /api/v1/devices', () => {
  test('lists devices in order of id, a page at a time', async () => {
    const { reader, held, asked } = fakeReader();
    held.devices = ['c', 'a', 'b'].map((id) => deviceView(id));
    const { get } = await serving({ reader });

    const first = await get('/api/v1/devices?limit=2');
    expect(first.body).toEqual({ devices: [deviceView('a'), deviceView('b')], next: 'b' });
    expect((await get('/api/v1/devices?limit=2&after=b')).body).toEqual({ devices: [deviceView('c')], next: null });
    expect(asked).toEqual([{ limit: 2 }, { limit: 2, after: 'b' }]);
    expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(first.headers.get('cache-control')).toBe('no-store');
  });

  test('asks for 100 unless told otherwise', async () => {
    const { reader, asked } = fakeReader();
    const { get } = await serving({ reader });
    await get('/api/v1/devices');
    await get('/api/v1/alerts');
    expect(asked).toEqual([{ limit: 100 }, { limit: 100 }]);
  });
});

describe('GET /api/v1/devices/{id}', () => {
  test('finds a device by its percent-encoded id', async () => {
    const { reader, held } = fakeReader();
    held.devices = [deviceView('车间/A 1?#%')];
    const { get } = await serving({ reader });
    const found = await get(`/api/v1/devices/${encodeURIComponent('车间/A 1?#%')}`);
    expect([found.status, found.body]).toEqual([200, deviceView('车间/A 1?#%')]);
  });

  test('answers 404 for an unknown one and 400 for one that does not decode', async () => {
    const { get, door } = await serving();
    expect(await get('/api/v1/devices/nobody')).toMatchObject({
      status: 404,
      body: { error: { code: 'no_such_device', message: 'no record of device "nobody" has been counted' } },
    });
    expect(await raw(door, '/api/v1/devices/%E8%zz')).toBe(400);
    expect(await raw(door, '/api/v1/devices/%E8')).toBe(400);
  });
});

describe('GET /api/v1/devices/{id}/windows', () => {
  test('gives windows with their times in ms and every aggregate', async () => {
    const { reader, held, asked } = fakeReader();
    held.devices = [deviceView('d-1')];
    held.windows = [windowResult(60_000), windowResult(120_000, { isClosed: false, revision: 0 })];
    const { get } = await serving({ reader });

    const { body } = await get('/api/v1/devices/d-1/windows?metric=temperature&from=60000&to=180000&limit=5');
    const window = {
      rule: 'minute',
      metric: 'temperature',
      start: 60_000,
      end: 120_000,
      count: 3,
      sum: 63,
      min: 20,
      max: 22,
      mean: 21,
      variance: 0.5,
      first: 20,
      last: 22,
      revision: 1,
      isClosed: true,
      isCut: false,
      more: {},
    };
    expect(body).toEqual({
      device: 'd-1',
      windows: [window, { ...window, start: 120_000, end: 180_000, revision: 0, isClosed: false }],
    });
    expect(asked).toEqual([{ limit: 5, metric: 'temperature', fromMs: 60_000, toMs: 180_000 }]);
  });

  test.each([
    ['metric=temprature', '"metric" must be one of temperature, humidity, not "temprature"'],
    ['from=60000&to=60000', '"from" must be before "to", and 60000 is not before 60000'],
    [
      'metric=x&from=2&to=1',
      '"metric" must be one of temperature, humidity, not "x"; "from" must be before "to", and 2 is not before 1',
    ],
  ])('refuses %s, which no window could match', async (query, message) => {
    const { reader, held, asked } = fakeReader();
    held.devices = [deviceView('d-1')];
    const { get } = await serving({ reader });
    const answer = await get(`/api/v1/devices/d-1/windows?${query}`);
    expect([answer.status, answer.body]).toEqual([400, { error: { code: 'bad_query', message } }]);
    expect(asked).toEqual([]);
  });

  test('tells a device without windows from one that nobody knows', async () => {
    const { reader, held } = fakeReader();
    held.devices = [deviceView('d-1')];
    const { get } = await serving({ reader });
    expect(await get('/api/v1/devices/d-1/windows')).toMatchObject({ status: 200, body: { windows: [] } });
    expect((await get('/api/v1/devices/d-2/windows')).status).toBe(404);
  });
});

describe('GET /api/v1/alerts', () => {
  test('filters by state', async () => {
    const { reader, held } = fakeReader();
    const cleared = alertOf('d-2', { state: 'cleared', version: 2 });
    held.alerts = [alertOf('d-1'), cleared];
    const { get } = await serving({ reader });
    expect((await get('/api/v1/alerts')).body).toEqual({ alerts: [alertOf('d-1'), cleared] });
    expect((await get('/api/v1/alerts?state=cleared')).body).toEqual({ alerts: [cleared] });
  });
});

describe('the API', () => {
  test('answers HEAD like GET, without the body', async () => {
    const { get } = await serving();
    const head = await get('/api/v1/status', { method: 'HEAD' });
    expect([head.status, head.body]).toEqual([200, null]);
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100);
  });

  test('refuses other methods and says which it takes', async () => {
    const { get } = await serving();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await get('/api/v1/devices', { method });
      expect(answer).toMatchObject({ status: 405, body: { error: { code: 'method_not_allowed' } } });
      expect(answer.headers.get('allow')).toBe('GET, HEAD');
    }
    expect((await get('/', { method: 'POST' })).status).toBe(405);
  });

  test('answers 404 in JSON for paths it does not know', async () => {
    const { get } = await serving();
    for (const path of ['/api/v1/device', '/api/v1/devices/a/b', '/api/v1/devices/', '/api/', '/nothing.js']) {
      expect(await get(path)).toMatchObject({ status: 404, body: { error: { code: 'no_such_path' } } });
    }
  });

  test('allows no other origin', async () => {
    const { get } = await serving();
    const answer = await get('/api/v1/devices', { headers: { origin: 'http://elsewhere.example' } });
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('answers 503 with the reason while the store is away', async () => {
    const gone = new ServiceError('redis_unreachable', 'redis at 127.0.0.1:6379 refuses connections');
    const { reader } = fakeReader({ devices: () => Promise.reject(gone) });
    const { get, events } = await serving({ reader });
    const answer = await get('/api/v1/devices');
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'redis_unreachable' } } });
    expect(JSON.stringify(answer.body)).toContain('refuses connections');
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(events).toEqual([]);
  });

  test('answers 503 when the store does not answer in time', async () => {
    const { reader } = fakeReader({ device: () => new Promise(() => undefined) });
    const { get } = await serving({ reader, answerTimeoutMs: 20 });
    expect(await get('/api/v1/devices/d-1')).toMatchObject({
      status: 503,
      body: { error: { code: 'store_unavailable', message: 'the store has not answered within 20 ms; try again' } },
    });
  });

  test('keeps the details of its own faults for the log', async () => {
    const { reader } = fakeReader({ alerts: () => Promise.reject(new TypeError('secret detail')) });
    const { get, events } = await serving({ reader });
    const answer = await get('/api/v1/alerts');
    expect(answer).toMatchObject({ status: 500, body: { error: { code: 'internal' } } });
    expect(JSON.stringify(answer.body)).not.toContain('secret');
    expect(events).toEqual([
      { _tag: 'fault', code: 'internal', message: 'an API request failed: TypeError: secret detail' },
    ]);
  });
});

describe('GET /api/v1/status', () => {
  test('answers even when health and totals are not to be had', async () => {
    const { get } = await serving({
      status: statusParts({ reader: { totals: () => Promise.reject(new Error('gone')) } }),
    });
    expect(await get('/api/v1/status')).toMatchObject({ status: 200, body: { version: '1.2.3', totals: null } });
  });
});

describe('openHttp', () => {
  test('says which port is taken and how to choose another', async () => {
    const { door } = await serving();
    const port = Number(new URL(door.url).port);
    const second = openHttp({ http: { host: '127.0.0.1', port }, reader: fakeReader().reader, desk: noDesk, status: statusParts(), report: () => undefined }); // prettier-ignore
    const failed = await second.listen().then(
      () => null,
      (cause: unknown) => cause,
    );
    expect(failed).toBeInstanceOf(ServiceError);
    expect(failed).toMatchObject({ code: 'port_taken' });
    expect(String(failed)).toContain(`port ${port} on 127.0.0.1, meant for the API and the page, is taken`);
    expect(String(failed)).toContain('--http-port or WEIR_HTTP_PORT');
  });

  test('calls an address that is not of this machine a fault of the config', async () => {
    const door = openHttp({ http: { host: '192.0.2.1', port: 0 }, reader: fakeReader().reader, desk: noDesk, status: statusParts(), report: () => undefined }); // prettier-ignore
    await expect(door.listen()).rejects.toMatchObject({ code: 'config_invalid' });
  });

  test('closes in time although a client holds its connection and waits for an answer', async () => {
    const { reader } = fakeReader({ device: () => new Promise(() => undefined) });
    const { door } = await serving({ reader, closeTimeoutMs: 50 });
    const waiting = fetch(`${door.url}/api/v1/devices/d-1`).catch((cause: unknown) => cause);
    await fetch(`${door.url}/api/v1/alerts`);
    await door.close();
    expect(await waiting).toBeInstanceOf(TypeError);
    await door.close();
  });
});

describe('the page', () => {
  test('comes with a policy that allows nothing from elsewhere and nothing inline', async () => {
    const { door } = await serving();
    const page = await fetch(door.url);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html;charset=utf-8']);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('finds every file it refers to on this server', async () => {
    const { door } = await serving();
    const html = await (await fetch(door.url)).text();
    const paths = [...html.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(paths.length).toBeGreaterThanOrEqual(5);
    for (const path of paths) expect([path, (await fetch(`${door.url}${path}`)).status]).toEqual([path, 200]);
  });

  test('takes every module it imports from this server', async () => {
    const { door } = await serving();
    const seen = new Set(['/main.js']);
    for (const path of seen) {
      if (path.startsWith('/socket.io/')) continue;
      const file = await fetch(`${door.url}${path}`);
      expect([path, file.status]).toEqual([path, 200]);
      const source = await file.text();
      for (const [, from = ''] of source.matchAll(/^(?:import|export)[^;]*? from '([^']+)'/gm)) {
        expect(from).toMatch(/^(\.|\/(vendor|socket\.io)\/)/);
        seen.add(new URL(from, `${door.url}${path}`).pathname);
      }
    }
    expect([...seen]).toContain('/vendor/uplot/uPlot.esm.js');
    expect([...seen]).toContain('/socket.io/socket.io.esm.min.js');
  });

  test('serves nothing from outside its folder', async () => {
    const { door } = await serving();
    for (const path of [
      '/../http/api.ts',
      '/%2e%2e/http/api.ts',
      '/..%2fhttp/api.ts',
      '/vendor/uplot/../package.json',
      '/vendor/uplot/%2e%2e/package.json',
    ]) {
      // prettier-ignore
      expect([path, await raw(door, path)]).toEqual([path, 404]);
    }
  });

  test('answers a second visit with 304', async () => {
    const { door } = await serving();
    const etag = (await fetch(door.url)).headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    expect((await fetch(door.url, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });
});

describe('every error of the API', () => {
  test('has a code and a message', async () => {
    const { get } = await serving();
    const shape = t.strict({ error: t.strict({ code: t.string, message: t.string }) });
    for (const path of ['/api/v1/devices?limit=x', '/api/v1/devices/none', '/api/nothing']) {
      expect(shape.is((await get(path)).body)).toBe(true);
    }
  });
});
