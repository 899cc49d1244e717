import { afterEach, describe, expect, test } from 'vitest';
import { createHealth } from '../../../src/ops/health.js';
import { createMeter } from '../../../src/ops/meter.js';
import { openOps, type OpsDoor } from '../../../src/ops/ops-server.js';
import type { OpsConfig } from '../../../src/config/config.js';
import type { Health } from '../../../src/ports.js';
import { readyHealth, sourceStatus } from '../http/fakes.js';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const serving = async (changed: Partial<OpsConfig> = {}) => {
  const now = { store: readyHealth, isDraining: false };
  const health = createHealth({
    source: { status: () => sourceStatus() },
    store: { health: (): Promise<Health> => Promise.resolve(now.store) },
    deadLetters: { health: () => Promise.resolve(readyHealth) },
    isDraining: () => now.isDraining,
    everyMs: 0,
  });
  const metrics = createMeter({ version: '1.2.3', topics: ['device-data'] });
  const config = { host: '127.0.0.1', port: 0, metricsEnabled: true, metricsPath: '/metrics', ...changed };
  const door: OpsDoor = openOps({ ops: config, health, metrics });
  await door.listen();
  closing.push(async () => {
    metrics.close();
    await door.close();
  });
  const get = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${door.url}${path}`, init);
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };
  return { now, door, get };
};

describe('probes', () => {
  test('say live, ready and both', async () => {
    const { get } = await serving();
    expect(JSON.parse((await get('/livez')).text)).toMatchObject({ status: 'live' });
    const ready = await get('/readyz');
    expect([ready.status, JSON.parse(ready.text)]).toEqual([
      200,
      {
        status: 'ready',
        dependencies: {
          source: { isReady: true, detail: 'joined: 1 partitions' },
          store: readyHealth,
          deadLetters: readyHealth,
        },
      },
    ]);
    expect(JSON.parse((await get('/healthz')).text)).toMatchObject({ status: 'ready', live: { status: 'live' } });
  });

  test('answer 503 with the reason when a dependency is not ready, and stay live', async () => {
    const { now, get } = await serving();
    now.store = { isReady: false, detail: 'loading the dataset' };
    const ready = await get('/readyz');
    expect(ready.status).toBe(503);
    expect(JSON.parse(ready.text)).toMatchObject({ status: 'not_ready', dependencies: { store: now.store } });
    expect((await get('/healthz')).status).toBe(503);
    expect((await get('/livez')).status).toBe(200);
  });

  test('answer 503 while draining', async () => {
    const { now, get } = await serving();
    now.isDraining = true;
    const ready = await get('/readyz');
    expect([ready.status, JSON.parse(ready.text)]).toMatchObject([503, { status: 'draining' }]);
  });

  test('answer HEAD, refuse POST, know nothing else', async () => {
    const { get } = await serving();
    expect(await get('/readyz', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    expect((await get('/readyz', { method: 'POST' })).status).toBe(405);
    const nothing = await get('/metric');
    expect([nothing.status, JSON.parse(nothing.text)]).toMatchObject([404, { error: { code: 'no_such_path' } }]);
  });
});

describe('metrics', () => {
  test('come in the text format, with the three names of the specification', async () => {
    const { get } = await serving();
    const { status, type, text } = await get('/metrics?x=1');
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(text).toContain('# TYPE kafka_consumer_messages_consumed_total counter');
    expect(text).toContain('# TYPE kafka_consumer_processing_duration_seconds histogram');
    expect(text).toContain('# TYPE kafka_consumer_lag_messages gauge');
  });

  test('are where the config says, or nowhere', async () => {
    const moved = await serving({ metricsPath: '/internal/metrics' });
    expect((await moved.get('/internal/metrics')).status).toBe(200);
    expect((await moved.get('/metrics')).status).toBe(404);
    const off = await serving({ metricsEnabled: false });
    expect((await off.get('/metrics')).status).toBe(404);
    expect((await off.get('/livez')).status).toBe(200);
  });
});

describe('openOps', () => {
  test('says which port is taken and how to choose another', async () => {
    const { door } = await serving();
    const port = Number(new URL(door.url).port);
    await expect(serving({ port })).rejects.toMatchObject({ code: 'port_taken' });
    await expect(serving({ port })).rejects.toThrow(
      `port ${port} on 127.0.0.1, meant for probes and metrics, is taken`,
    );
  });
});
