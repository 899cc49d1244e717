import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { packFile } from '../../../src/rules/load.js';
import { weir } from './run-weir.js';

const folder = mkdtempSync(join(tmpdir(), 'weir-check-rules-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const fileWith = (alert: string, name = 'a.rules.yaml'): string => {
  const file = join(folder, name);
  writeFileSync(
    file,
    `version: 1\nmetrics:\n  humidity: { range: [0, 100] }\nalerts:\n  - { id: wet, on: humidity, ${alert} }\n`,
  );
  return file;
};

interface Told {
  readonly isSound: boolean;
  readonly version: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly faults: readonly { readonly message: string; readonly rule: string; readonly origin: unknown }[];
  readonly warnings: readonly { readonly message: string }[];
}

describe('weir check FILE', () => {
  test('says what is there, and ends with 0', async () => {
    const { code, out, err } = await weir('check', packFile('starter'));
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^rules +[0-9a-f]{12}\nmetrics +7\nderived +0\nwindows +1\ndetections +0\nalerts +11\n$/);
  });

  test('tells every fault with its place and rule, and ends with 78', async () => {
    const file = fileWith('abov: { raise: 1 }, severity: bad');
    const { code, out, err } = await weir('check', file);
    expect([code, out]).toEqual([78, '']);
    expect(err).toContain(`${file}:5:30: alerts[0].abov: there is no such key here`);
    expect(err).toMatch(/did you mean above\? \(wet\)\n/);
    expect(err).toMatch(/severity: expected info, warning, error or critical, found "bad".*\n/);
    expect(err).toMatch(/weir: 2 faults in the rules\n$/);
  });

  test('warns, and ends with 0 all the same', async () => {
    const { code, err } = await weir('check', fileWith('above: { raise: 40, clear: 41 }'));
    expect(code).toBe(0);
    expect(err).toMatch(/^weir: warning: .*:5:\d+: alerts\[0\]\.above\.clear: it clears at 41.*\(wet\)\n$/);
  });

  test('speaks JSON', async () => {
    const sound = await weir('check', fileWith('above: { raise: 40, clear: 41 }'), '--json');
    const told = JSON.parse(sound.out) as Told;
    expect(told).toMatchObject({ isSound: true, counts: { metrics: 1, alerts: 1 }, faults: [] });
    expect(told.warnings).toHaveLength(1);
    const faulty = await weir('check', fileWith('above: { raise: .nan }'), '--json');
    const { isSound, faults } = JSON.parse(faulty.out) as Told;
    expect([faulty.code, isSound, faulty.err]).toEqual([78, false, '']);
    expect(faults).toMatchObject([{ rule: 'wet', origin: { line: 5 } }]);
  });

  test('takes what is kept from the configuration that is named', async () => {
    const config = join(folder, 'weir.yaml');
    writeFileSync(config, 'time: { max_past: 30s }\n');
    const file = join(folder, 'w.rules.yaml');
    writeFileSync(
      file,
      'version: 1\nmetrics:\n  humidity: { range: [0, 100] }\nwindows:\n  - { id: w, metrics: all, tumbling: 1m, allowed_lateness: 0s }\n',
    );
    expect((await weir('check', file)).err).toBe('');
    expect((await weir('check', file, '--config', config)).err).toContain('records older than 30s are dead letters');
  });

  test('a file that is not there is a fault', async () => {
    const { code, err } = await weir('check', join(folder, 'nowhere'));
    expect(code).toBe(78);
    expect(err).toContain("it can't be read");
  });
});

describe('weir schema', () => {
  test.each([
    [[], 'Rules of weir'],
    [['--cases'], 'Cases for rules of weir'],
  ])('%j prints JSON Schema', async (flags, title) => {
    const { code, out } = await weir('schema', ...flags);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', title });
  });

  test('prints the keys as tables', async () => {
    expect((await weir('schema', '--markdown')).out).toContain('| `allowed_lateness` |');
  });
});
