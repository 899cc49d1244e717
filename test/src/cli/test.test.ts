import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { weir } from './run-weir.js';
import { makePipe } from '../config/pipe.js';

const folder = mkdtempSync(join(tmpdir(), 'weir-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const rules = `version: 1
metrics:
  temperature: { unit: °C, range: [-50, 150] }
windows:
  - { id: minute, metrics: all, tumbling: 1m, allowed_lateness: 0s }
alerts:
  - { id: hot, on: temperature, above: { raise: 40, clear: 38 } }
`;
const warm = (expected: string, name = 'warm'): string => `  - name: ${name}
    records:
      - { device: d1, at: 0s, values: { temperature: [20, 41, 38] }, repeat: { every: 30s, until: 1m } }
      - { device: d1, at: 90s, values: { temperature: 500 } }
    expect: { ${expected} }
`;

/** A folder of its own with rules and one file of cases. */
const written = (cases: string, name = 'a'): string => {
  const own = mkdtempSync(join(folder, 'case-'));
  writeFileSync(join(own, `${name}.rules.yaml`), rules);
  writeFileSync(join(own, `${name}.test.yaml`), `version: 1\ncases:\n${cases}`);
  return own;
};

const told =
  'alerts: [{ at: 30s, rule: hot, device: d1, state: active }, { at: 1m, rule: hot, device: d1, state: cleared }]';

describe('weir test', () => {
  test('has a line for each case, totals, and ends with 0 when all pass', async () => {
    const own = written(warm(told) + warm('rejected: 1', 'rejected'));
    const { code, out, err } = await weir('test', own);
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(
      `${join(own, 'a.test.yaml')}\n  ok   warm (1 of 4 records rejected)\n  ok   rejected (1 of 4 records rejected)\n\n2 passed, 0 failed\n`,
    );
  });

  test('shows what was expected beside what was found, and ends with 1', async () => {
    const off =
      'alerts: [{ at: 30s, rule: hot, device: d1, state: active, severity: critical }, { at: 1m, rule: hot, device: d1, state: cleared }], rejected: 0,' +
      ' windows: [{ window: minute, device: d1, metric: temperature, from: 0s, results: { count: 3, max: 41 } }, { window: minute, device: d1, metric: temperature, from: 1m, results: {} }]';
    const { code, out } = await weir('test', written(warm(off)));
    expect(code).toBe(1);
    expect(out.split('\n').slice(1)).toEqual([
      '  FAIL warm (1 of 4 records rejected)',
      '       alerts, - expected, + found:',
      '         -  30s  hot  d1  active   critical',
      '         +  30s  hot  d1  active   warning',
      '            1m   hot  d1  cleared  warning',
      '       window minute of temperature on d1 from 0s:',
      '         count: expected 3, found 2',
      '       window minute of temperature on d1 from 1m: has not ended, or is not there; there are from 0s',
      '       rejected: expected 0, found 1',
      '       1 dead letter, out_of_range: temperature: 500 °C is outside -50 to 150',
      '',
      '0 passed, 1 failed',
      '',
    ]);
  });

  test('a case that speaks of what the rules do not have is a fault with its place, and ends with 78', async () => {
    const own = written(
      warm(
        'alerts: [{ at: 1m, rule: hott, device: d1, state: active }], windows: [{ window: minute, device: d1, metric: temperature, from: 0s, results: { p95: 3 } }]',
      ),
    );
    const { code, out, err } = await weir('test', own);
    expect(code).toBe(78);
    expect(err).toMatch(
      /a\.test\.yaml:7:\d+: cases\[0\]\.expect\.alerts\[0\]\.rule: there is no alert hott; .*did you mean hot\?\n/,
    );
    expect(err).toContain('the window minute does not give p95');
    expect(out).toContain('0 passed, 0 failed, 1 of 1 files faulty');
  });

  test('a case that expects nothing is a fault: it would pass whatever the rules do', async () => {
    for (const nothing of ['', 'windows: []']) {
      const { code, err } = await weir('test', written(warm('alerts: []') + warm(nothing, 'empty')));
      expect([code, err]).toEqual([
        78,
        expect.stringMatching(/a\.test\.yaml:12:13: cases\[1\]\.expect: nothing is expected, .*`alerts: \[\]` says/),
      ]);
    }
    const without = await weir('test', written(warm(told).replace(/^ +expect.*\n/m, '')));
    expect([without.code, without.err]).toEqual([78, expect.stringContaining('cases[0].expect: nothing is expected')]);
  });

  test('a name given twice is a fault, also of a case that is faulty otherwise', async () => {
    const { code, err } = await weir('test', written(warm(told) + warm('', 'warm')));
    expect(code).toBe(78);
    expect(err).toMatch(
      /a\.test\.yaml:8:11: cases\[1\]\.name: a case of this name is there already, at \S+a\.test\.yaml:3:5/,
    );
    expect(err).toContain('nothing is expected');
  });

  test('what is wrong with one case hides nothing of the others, nor of the rules', async () => {
    const other = warm('alerts: [{ at: 30s, rule: hott, device: d1, state: active }]', 'other');
    const own = written(warm('alert: []') + other.replaceAll('temperature', 'temprature'));
    const { code, err } = await weir('test', own);
    expect(code).toBe(78);
    expect(err).toMatch(
      /cases\[0\]\.expect\.alert: there is no such key[^]*cases\[1\]\.records\[0\]\.values\.temprature: there is no measured metric[^]*cases\[1\]\.expect\.alerts\[0\]\.rule: there is no alert hott/,
    );
    writeFileSync(join(own, 'a.rules.yaml'), rules.replace('above', 'abov'));
    const both = await weir('test', own);
    expect(both.err).toContain('did you mean above?');
    expect(both.err).toContain('did you mean alerts?');
  });

  test('a pipe is no file of cases, and is not waited for', async () => {
    const own = written(warm(told));
    const pipe = join(own, 'b.test.yaml');
    makePipe(pipe);
    const { code, err } = await weir('test', own);
    expect([code, err]).toEqual([78, expect.stringContaining("it can't be read: it is a pipe, not a regular file")]);
  });

  test('faulty rules, and a file that is not there, are told as such', async () => {
    const own = written(warm(told));
    writeFileSync(join(own, 'a.rules.yaml'), rules.replace('above', 'abov'));
    expect(await weir('test', own)).toMatchObject({
      code: 78,
      err: expect.stringContaining('did you mean above?') as string,
    });
    expect((await weir('test', join(own, 'nowhere.test.yaml'))).code).toBe(78);
  });

  test('a file that is not UTF-8 is told as such, not read with other letters in it', async () => {
    const own = written(warm(told));
    const file = join(own, 'a.test.yaml');
    writeFileSync(file, Buffer.from([0x76, 0xff]));
    const { code, err } = await weir('test', file);
    expect([code, err]).toEqual([78, expect.stringContaining('a.test.yaml:1:1: the file is not UTF-8 text')]);
  });

  test('looks below folders, but not in hidden ones; none at all is a wrong command line', async () => {
    const own = written(warm(told));
    for (const below of ['below', '.hidden']) {
      mkdirSync(join(own, below));
      writeFileSync(join(own, below, 'b.test.yaml'), `version: 1\nrules: ../a.rules.yaml\ncases:\n${warm(told)}`);
    }
    expect((await weir('test', own)).out).toContain('2 passed, 0 failed\n');
    const { code, err } = await weir('test', mkdtempSync(join(folder, 'empty-')));
    expect([code, err]).toEqual([2, expect.stringContaining('ends in .test.yaml')]);
  });

  test('speaks JSON', async () => {
    const { code, out } = await weir('test', written(warm('alerts: []')), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      cases: 1,
      failed: 1,
      results: [
        { cases: [{ name: 'warm', isPassed: false, alerts: [{ sign: '+', item: { rule: 'hot' } }, { sign: '+' }] }] },
      ],
    });
  });
});
