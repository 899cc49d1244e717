import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { showFault } from '../../../src/config/faults.js';
import { RuleFile } from '../../../src/rules/rule-file.js';
import { loadRules } from '../../../src/rules/load.js';
import { faultsOf, rulesOf, twoMetrics } from './loading.js';
import { makePipe } from '../config/pipe.js';

const cpuMs = (work: () => void): number => {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
};

describe('a file that means harm', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-bad-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('is not even read when it is too large', () => {
    const file = join(folder, 'large.rules.yaml');
    writeFileSync(file, '');
    truncateSync(file, 10 * 1_048_576);
    const spentMs = cpuMs(() => {
      const made = loadRules(file);
      expect(made._tag === 'Left' && made.left.map(showFault)).toEqual([
        `${file}:1:1: 10485760 bytes: rules have at most 4194304`,
      ]);
    });
    expect(spentMs).toBeLessThan(100);
  });

  test('that is no UTF-8 is a fault', () => {
    const file = join(folder, 'latin.rules.yaml');
    writeFileSync(file, Buffer.from([0x76, 0xe4, 0x3a]));
    const made = loadRules(file);
    expect(made._tag === 'Left' && made.left.map(({ problem }) => problem)).toEqual(['the file is not UTF-8 text']);
  });

  const problemsOf = (path: string): readonly string[] => {
    const made = loadRules(path);
    return made._tag === 'Left' ? made.left.map(({ problem }) => problem) : [];
  };

  test('a pipe or a device is refused, by itself, through a link and in a folder, and is never waited for', () => {
    const pipe = join(folder, 'pipe.rules.yaml');
    makePipe(pipe);
    const own = join(folder, 'with-pipe');
    mkdirSync(own);
    writeFileSync(join(own, 'a.rules.yaml'), twoMetrics);
    symlinkSync(pipe, join(own, 'b.rules.yaml'));
    const refused = ["it can't be read: it is a pipe, not a regular file"];
    expect([pipe, join(own, 'b.rules.yaml'), own].map(problemsOf)).toEqual([refused, refused, refused]);
    expect(problemsOf('/dev/zero')).toEqual(["it can't be read: it is a device, not a regular file"]);
    mkdirSync(join(own, 'c.rules.yaml'));
    rmSync(join(own, 'b.rules.yaml'));
    expect(problemsOf(own)).toEqual(["it can't be read: it is a folder, not a regular file"]);
  });

  test('a pipe that takes the place of the rules of a running service is a change like any other', () => {
    const file = join(folder, 'live.rules.yaml');
    writeFileSync(file, twoMetrics);
    const rules = new RuleFile(file);
    rmSync(file);
    makePipe(file);
    expect([rules.hasChanged(), rules.hasChanged(), rules.load()._tag]).toEqual([false, true, 'Left']);
  });

  test('links to files, as Kubernetes mounts them, are followed', () => {
    const own = mkdtempSync(join(folder, 'mount-'));
    mkdirSync(join(own, '..v1'));
    writeFileSync(join(own, '..v1', 'a.rules.yaml'), twoMetrics);
    symlinkSync('..v1', join(own, '..data'));
    symlinkSync(join('..data', 'a.rules.yaml'), join(own, 'a.rules.yaml'));
    expect(problemsOf(own)).toEqual([]);
  });

  test('anchors that stand for each other ten times over do not explode', () => {
    const bomb = Array.from(
      { length: 12 },
      (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`,
    );
    const spentMs = cpuMs(() => {
      expect(faultsOf(bomb.join('\n'))).toEqual([expect.stringContaining('aliases stand for too much')]);
    });
    expect(spentMs).toBeLessThan(2_000);
  });

  test('an anchor that holds itself is a fault', () => {
    expect(faultsOf(`${twoMetrics}alerts: &a\n  - { id: a, on: humidity, above: *a }\n`).length).toBeGreaterThan(0);
  });

  test.each([
    ['not YAML', `${twoMetrics}alerts: [`, /:6:1: .*not YAML|:5:\d+: not YAML/],
    ['a key twice', `${twoMetrics}alerts: []\nalerts: []\n`, /this key is there already/],
    ['two documents', `${twoMetrics}---\n${twoMetrics}`, /several documents/],
    ['tags of YAML', `${twoMetrics}alerts: !!js/function "x"\n`, /./],
    ['a key called __proto__', `${twoMetrics}__proto__: { polluted: true }\n`, /__proto__: there is no such section/],
    ['a metric called __proto__', `version: 1\nmetrics:\n  __proto__: { range: [0, 1] }\n`, /metrics\.__proto__/],
    [
      'a metric called constructor is a name like others',
      `version: 1\nmetrics:\n  constructor: { range: [0, 1] }\nalerts:\n  - { id: a, on: toString, above: { raise: 1 } }\n`,
      /there is no metric toString/,
    ],
    [
      'a setting called __proto__',
      `${twoMetrics}detect:\n  - { id: d, metrics: [humidity], detector: hampel, settings: { __proto__: 3 } }\n`,
      /settings/,
    ],
    [
      'a label called __proto__',
      `${twoMetrics}alerts:\n  - { id: a, on: humidity, above: { raise: 1 }, labels: { __proto__: { x: y } } }\n`,
      /labels\.__proto__/,
    ],
  ])('%s is a fault', (_what, text, expected) => {
    expect(faultsOf(text).join('\n')).toMatch(expected);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('deeply nested brackets are refused at once', () => {
    const spentMs = cpuMs(() => {
      const faults = faultsOf(`${twoMetrics}alerts: ${'[ '.repeat(900_000)}`);
      expect(faults).toEqual([expect.stringMatching(/^a\.rules\.yaml:5:9: brackets are nested too deep/)]);
    });
    expect(spentMs).toBeLessThan(1_000);
  });

  test('deeply nested lists are a fault, and no overflow of the stack', () => {
    expect(faultsOf(`${twoMetrics}alerts:\n${' -'.repeat(3_000)} x\n`)[0]).toContain('not YAML');
  });
});

describe('10,000 rules', () => {
  const rule = (i: number, metric: string): string =>
    i % 2 === 0
      ? `  - { id: r${i}, when: "${metric} > ${i} && humidity < 50", match: { id: "d-${i}-*" } }\n`
      : `  - { id: r${i}, on: ${metric}, above: { raise: ${i / 100}, clear: ${i / 200} }, for: 30s }\n`;
  const file = (metric: string): string =>
    `${twoMetrics.replace('150', '10000')}alerts:\n${Array.from({ length: 10_000 }, (_, i) => rule(i, metric)).join('')}`;

  test('are read in seconds', () => {
    let alerts = 0;
    const spentMs = cpuMs(() => (alerts = rulesOf(file('temperature')).alerts.length));
    expect(alerts).toBe(10_000);
    expect(spentMs).toBeLessThan(15_000);
  });

  test('… also when each of them is faulty', () => {
    let faults: readonly string[] = [];
    const spentMs = cpuMs(() => (faults = faultsOf(file('temprature'))));
    expect(faults).toHaveLength(10_000);
    expect(spentMs).toBeLessThan(15_000);
  });

  test('more than 20,000 are too many', () => {
    const many = `${twoMetrics}alerts:\n${'  - {}\n'.repeat(20_001)}`;
    expect(faultsOf(many)).toEqual([expect.stringContaining('there are 20001 entries, and may be at most 20000')]);
  });
});
