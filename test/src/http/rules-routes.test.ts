import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../src/config/defaults.js';
import { activeRules } from '../../../src/rules/active.js';
import { Runs } from '../../../src/rules/runs.js';
import { asOffset } from '../../../streams/model/units.js';
import { loaded, twoMetrics } from '../rules/loading.js';
import { listeningHttp } from './fakes.js';

const { rules, text, version } = loaded(twoMetrics);
const entry = { sequence: 3, version, text, activatedAtMs: 1_000 };

const asking = async () => {
  const runs = new Runs();
  const lastReload = { cause: 'file', atMs: 2_000, isGood: false, faults: ['a: wrong'], goodAtMs: 1_000 } as const;
  const { door } = await listeningHttp({
    rules: {
      current: activeRules(entry, rules, defaultConfig().pipeline),
      lastReload,
      runs,
      path: 'rules/',
      history: () => Promise.resolve([entry, { ...entry, sequence: 2, version: 'before' }]),
    },
  });
  const get = async (path: string): Promise<unknown> => (await fetch(`${door.url}${path}`)).json();
  return { get, runs, lastReload };
};

describe('/api/v1/rules', () => {
  it('tells what is in force, since when and where, what was before, and how the last reload ended', async () => {
    const { get, runs, lastReload } = await asking();
    runs.begin({ topic: 'device-data', partition: 1 });
    runs.begin({ topic: 'device-data', partition: 0 }).span = { sequence: 3, version, since: asOffset(9) };
    expect(await get('/api/v1/rules')).toEqual({
      version,
      sequence: 3,
      activatedAtMs: 1_000,
      path: 'rules/',
      files: ['a.rules.yaml'],
      counts: { metrics: 2, derive: 0, windows: 0, detect: 0, alerts: 0 },
      lastReload,
      partitions: [
        { topic: 'device-data', partition: 0, version, sequence: 3, since: 9 },
        { topic: 'device-data', partition: 1, version: null, sequence: null, since: null },
      ],
      history: [
        { sequence: 3, version, activatedAtMs: 1_000 },
        { sequence: 2, version: 'before', activatedAtMs: 1_000 },
      ],
    });
  });

  it('gives the files as they were read', async () => {
    const { get } = await asking();
    expect(await get('/api/v1/rules/text')).toEqual({ version, sequence: 3, files: [{ name: 'a.rules.yaml', text: twoMetrics }] }); // prettier-ignore
  });
});
