import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { weir } from './run-weir.js';

const folder = mkdtempSync(join(tmpdir(), 'weir-init-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('weir init', () => {
  test('writes a folder whose rules are right and not strange, whose cases pass, and whose configuration holds', async () => {
    const plant = join(folder, 'plant');
    const { code, out, err } = await weir('init', plant);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`\nNext:\n  cd ${plant}\n  weir check rules `);
    for (const name of ['weir.yaml', 'rules.schema.json', 'cases.schema.json']) expect(out).toContain(`  ${name}\n`);

    const checked = await weir('check', join(plant, 'rules'), '--config', join(plant, 'weir.yaml'));
    expect([checked.code, checked.err]).toEqual([0, '']);
    const tested = await weir('test', plant);
    expect(tested.code).toBe(0);
    expect(tested.out).toMatch(/\n5 passed, 0 failed\n$/);
    expect((await weir('config', 'print', '--config', join(plant, 'weir.yaml'))).code).toBe(0);
    const schema = /\$schema=(\S+)/.exec(readFileSync(join(plant, 'rules/building.rules.yaml'), 'utf8'))?.[1] ?? '';
    expect(existsSync(join(plant, 'rules', schema))).toBe(true);
  });

  test('makes the folders above it, and says so when there can be none', async () => {
    const deep = join(folder, 'a', 'b', 'c');
    expect((await weir('init', deep)).code).toBe(0);
    expect(existsSync(join(deep, 'weir.yaml'))).toBe(true);
    writeFileSync(join(folder, 'file'), '');
    for (const nowhere of ['/proc/nope', '/proc/nope/deeper', join(folder, 'file', 'below')]) {
      const { code, out, err } = await weir('init', nowhere);
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(/^weir: \S+ can't be written: E\w+: .*; name a folder that can be made\n$/);
    }
  });

  test('overwrites nothing, and then writes nothing', async () => {
    const mine = mkdtempSync(join(folder, 'mine-'));
    writeFileSync(join(mine, 'weir.yaml'), 'mine');
    const { code, out, err } = await weir('init', mine);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('has weir.yaml already: nothing was written');
    expect(readFileSync(join(mine, 'weir.yaml'), 'utf8')).toBe('mine');
    expect(existsSync(join(mine, 'rules'))).toBe(false);
  });
});
