import { afterEach, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../src/config/defaults.js';
import { openOps } from '../../../src/ops/ops-server.js';
import { activeRules, fixedRules, type Reloaded } from '../../../src/rules/active.js';
import { defaultSettings } from '../../../src/rules/default-settings.js';
import { Runs } from '../../../src/rules/runs.js';
import { ServiceError } from '../../../src/service-error.js';
import { asOffset } from '../../../streams/model/units.js';
import { faultsIn, loaded, twoMetrics } from '../rules/loading.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const { rules, text, version, warnings } = loaded(`${twoMetrics}alerts:
  - { id: damp, on: humidity, above: { raise: 50, clear: 60 } }
`);
const active = activeRules({ sequence: 7, version, text, activatedAtMs: 0 }, rules, defaultConfig().pipeline);
const inForce: Reloaded = { _tag: 'in_force', active, isChanged: true, warnings };

const serving = async (reload: () => Promise<Reloaded>) => {
  const runs = new Runs();
  const door = openOps({
    ops: { host: '127.0.0.1', port: 0, metricsEnabled: false, metricsPath: '/metrics' },
    health: { check: () => Promise.reject(new Error('not asked')) },
    metrics: { contentType: '', scrape: () => Promise.resolve('') },
    reload: { reload, runs },
  });
  await door.listen();
  closing.push(() => door.close());
  const ask = async (method: string): Promise<{ readonly status: number; readonly body: unknown }> => {
    const response = await fetch(`${door.url}/ops/reload`, { method });
    return { status: response.status, body: await response.json() };
  };
  return { runs, ask };
};

describe('POST /ops/reload', () => {
  it('says what is in force, what is strange about it, and where it runs', async () => {
    const { runs, ask } = await serving(() => Promise.resolve(inForce));
    const idle = runs.begin({ topic: 'device-data', partition: 1 });
    runs.begin({ topic: 'device-data', partition: 0 }).span = { sequence: 7, version, since: asOffset(40) };
    idle.span = { sequence: 6, version: 'before', since: asOffset(3) };
    const { status, body } = await ask('POST');
    expect(status).toBe(200);
    expect(body).toEqual({
      version,
      sequence: 7,
      changed: true,
      warnings: [expect.stringContaining('clear')],
      partitions: [
        { topic: 'device-data', partition: 0, sequence: 7, since: 40, isChanged: true },
        { topic: 'device-data', partition: 1, sequence: 6, since: 3, isChanged: false },
      ],
    });
  });

  it('waits for partitions with traffic', async () => {
    const { runs, ask } = await serving(() => Promise.resolve(inForce));
    const run = runs.begin({ topic: 'device-data', partition: 0 });
    run.chunkAtMs = performance.now();
    setTimeout(() => (run.span = { sequence: 7, version, since: asOffset(5) }), 60);
    const { body } = await ask('POST');
    expect(body).toMatchObject({ partitions: [{ isChanged: true, since: 5 }] });
  });

  it('answers every fault', async () => {
    const faults = faultsIn(`${twoMetrics}alerts:\n  - { id: damp, on: humidty, above: { raise: x, clear: 60 } }\n`);
    const { ask } = await serving(() => Promise.resolve({ _tag: 'refused', faults }));
    const { status, body } = await ask('POST');
    expect(status).toBe(422);
    expect(body).toMatchObject({ error: { code: 'rules_invalid', faults: { length: faults.length } } });
  });

  it('answers 503 when the store is away, and takes nothing but a POST', async () => {
    const { ask } = await serving(() => Promise.reject(new ServiceError('redis_unreachable', 'redis is away')));
    expect(await ask('POST')).toMatchObject({ status: 503, body: { error: { code: 'redis_unreachable' } } });
    expect(await ask('GET')).toMatchObject({ status: 405 });
  });

  it('is not there where rules never change', async () => {
    expect('reload' in fixedRules(defaultSettings())).toBe(false);
    const door = openOps({
      ops: { host: '127.0.0.1', port: 0, metricsEnabled: false, metricsPath: '/metrics' },
      health: { check: () => Promise.reject(new Error('not asked')) },
      metrics: { contentType: '', scrape: () => Promise.resolve('') },
    });
    await door.listen();
    closing.push(() => door.close());
    expect((await fetch(`${door.url}/ops/reload`, { method: 'POST' })).status).toBe(404);
  });
});
