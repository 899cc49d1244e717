import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { packFile } from '../../../src/rules/load.js';
import { weir } from './run-weir.js';

interface Explained {
  readonly groups: readonly { readonly id: string }[];
  readonly rules: readonly {
    readonly kind: string;
    readonly id: string;
    readonly does: string;
    readonly reads: readonly string[];
  }[];
  readonly devices: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly withAlertsOpen: number;
    readonly parts: Readonly<Record<string, number>>;
  }[];
  readonly unmeasured: number;
}

const explained = async (...args: readonly string[]): Promise<Explained> => {
  const { code, out, err } = await weir('explain', ...args, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Explained;
};

const folder = mkdtempSync(join(tmpdir(), 'weir-explain-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const rulesWith = (sections: string): string => {
  const file = join(folder, 'one.rules.yaml');
  writeFileSync(file, `version: 1\nmetrics:\n  temperature: { unit: °C, range: [-50, 150] }\n${sections}`);
  return file;
};

describe('weir explain', () => {
  test('names every percentile that a window is asked for', async () => {
    const window = '{ id: w, metrics: all, tumbling: 1m, allowed_lateness: 0s, statistics: [p99.9, p12.5] }';
    const { out } = await weir('explain', rulesWith(`windows: [${window}]\n`));
    expect(out).toMatch(/ w +all +temperature +each 1m, corrected for 0ms, with p12\.5, p99\.9\n/);
  });

  test('measures devices of the first 32 groups, says how many more there are, and takes no longer for it', async () => {
    const groups = (count: number): string =>
      `devices:\n${Array.from({ length: count }, (_, i) => `  - { id: g${i}, match: { id: "d-${i}-*" }, override: { hot: { raise: ${i % 99} } } }\n`).join('')}alerts: [{ id: hot, on: temperature, above: { raise: 50 } }]\n`;
    const { devices, unmeasured, groups: all } = await explained(rulesWith(groups(1_000)));
    expect([all.length, devices.length, unmeasured]).toEqual([1_000, 33, 968]);
    expect((await weir('explain', rulesWith(groups(33)))).out).toMatch(/ of g31 .*\n {2}1 more group +not measured: /);
    expect((await weir('explain', rulesWith(groups(32)))).out).not.toContain('not measured');
  });

  test('says so when the rules turn away what it would measure a device with', async () => {
    const { out } = await weir(
      'explain',
      rulesWith("validate: [{ id: c, expect: 'temperature < -40', then: reject }]\n"),
    );
    expect(out).toMatch(/ of no group +0 +0 +nothing: these rules turn away the records made up to measure it/);
  });

  test('shows each step, each rule with what it reads and for whom, and what devices remember', async () => {
    const { code, out } = await weir('explain', packFile('cold-chain'));
    expect(code).toBe(0);
    expect(out).toMatch(/^rules [0-9a-f]{12}\n/);
    expect(out).toMatch(/ alert +7 rules +open episodes; floods +device, rule; partition\n/);
    expect(out).toMatch(/ chilled +type fridge or cold-room or reefer +tag chilled, reports every 1m\n/);
    expect(out).toMatch(/ step +all +temperature +temperature changes by at most 2 a second, else flag, not counted\n/);
    expect(out).toMatch(/ quarter-hour +all +temperature, humidity +each 15m, corrected for 10m, with median\n/);
    expect(out).toMatch(/ probe-stuck +all +stuck\(temperature\) +error > 0.5, clear <= 0.5\n/);
    expect(out).toMatch(/ of frozen +\d+ +\d+ +latest \d+, .*window day \d+/);
  });

  test('weighs a device by what the rules make it remember', async () => {
    const { devices } = await explained(packFile('cold-chain'));
    expect(devices.map(({ name }) => name)).toEqual([
      'of no group',
      'of chilled',
      'of frozen',
      'of on-the-road',
      'of certified-probe',
    ]);
    for (const { bytes, withAlertsOpen, parts } of devices) {
      const sum = Object.values(parts).reduce((all, part) => all + part, 0);
      expect(sum).toBeLessThan(bytes);
      expect(bytes).toBeLessThan(sum + 400);
      expect(withAlertsOpen).toBeGreaterThan(bytes + 300);
      expect(Object.keys(parts).some((name) => name.startsWith('alert '))).toBe(false);
    }
    const [none, chilled] = devices;
    expect(none?.parts).not.toHaveProperty('detect stuck/temperature');
    expect(chilled?.parts).toHaveProperty('detect stuck/temperature');
  });

  test('shows the rules as they are for one device', async () => {
    const room = await explained(
      packFile('hvac-comfort'),
      '--device',
      'r1',
      '--type',
      'thermostat',
      '--field',
      'zone=server',
    );
    expect(room.groups.map(({ id }) => id)).toEqual(['rooms', 'server-rooms']);
    const alerts = new Map(room.rules.filter(({ kind }) => kind === 'alert').map(({ id, does }) => [id, does]));
    expect([...alerts.keys()]).not.toContain('stuffy');
    expect([...alerts.keys()]).not.toContain('heating-fails');
    expect(alerts.get('too-cold')).toContain('info < 15, clear >= 16');
    expect(room.devices).toMatchObject([{ name: 'r1' }]);
  });

  test('draws the way of readings', async () => {
    const { out } = await weir('explain', packFile('motor-vibration'), '--mermaid');
    expect(out).toMatch(/^flowchart LR\n/);
    const named = (what: string): string => new RegExp(`(n\\d+)[([{]+"${what}`).exec(out)?.[1] ?? what;
    expect(out).toContain(`  ${named('vibration ')} --> ${named('window · trend')}\n`);
    expect(out).toContain(`  ${named('window · trend')} --> ${named('alert · vibration-rising')}\n`);
    expect(out).toContain(`  ${named('detect · stuck')} --> ${named('alert · sensor-stuck')}\n`);
    const texts = out.split('\n').flatMap((line) => line.split('"').filter((_part, i) => i % 2 === 1));
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.filter((text) => /[<>&]/.test(text))).toEqual([]);
  });

  test('takes the rules that come with weir when none are given, and refuses faulty ones', async () => {
    expect((await explained()).rules).toHaveLength(12);
    expect((await weir('explain', 'nowhere')).code).toBe(78);
    expect((await weir('explain', '--field', 'colour=red')).usage).not.toBe(0);
  });
});
