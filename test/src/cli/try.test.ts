import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { packFile } from '../../../src/rules/load.js';
import { Simulator } from '../../../src/simulator/simulator.js';
import { weir } from './run-weir.js';

const folder = mkdtempSync(join(tmpdir(), 'weir-try-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const ruled = (name: string, sections: string): string =>
  written(`${name}.rules.yaml`, `version: 1\nmetrics:\n  temperature: { unit: °C, range: [-50, 150] }\n${sections}`);

const rulesWith = (raise: number): string =>
  ruled(
    `above-${raise}`,
    `windows:
  - { id: minute, metrics: all, tumbling: 1m, allowed_lateness: 0s }
detect:
  - { id: jump, metrics: [temperature], detector: rate-of-change }
alerts:
  - { id: hot, on: temperature, above: { raise: ${raise}, clear: 20 }, message: '{device} is at {value}' }
`,
  );

const startMs = Date.UTC(2026, 0, 5, 8);
const value = (device: string, atMs: number, temperature: number): string =>
  JSON.stringify({ device_id: device, timestamp: startMs + atMs, sensors: { temperature: { value: temperature } } });

/** d1 gets hot and cools down, d2 only warm; something is no telemetry. */
const recorded = written(
  'recorded.jsonl',
  [
    value('d1', 0, 20),
    value('d2', 0, 20),
    value('d1', 10_000, 45),
    'connection reset',
    value('d2', 10_000, 35),
    '',
    value('d1', 50_000, 20),
    value('d2', 50_000, 36),
    value('d1', 70_000, 20),
    value('d2', 70_000, 37),
  ].join('\n'),
);

/** Six hundred records as a fleet sends them, with what was recorded beside them. */
const simulated = (): string => {
  const simulator = new Simulator({
    devices: 12,
    seed: 3,
    shape: 'mixed',
    shares: { bad: 0.03, late: 0.03, future: 0.01, duplicate: 0.03 },
    startMs,
    stepMs: 500,
    faultShare: 0.5,
  });
  const lines = Array.from({ length: 1_500 }, (_, i) => {
    const { key, timestampMs, value: made } = simulator.next();
    return JSON.stringify({
      timestamp: timestampMs,
      key,
      value: made === null ? null : String(made),
      partition: i % 2,
    });
  });
  return written('simulated.jsonl', lines.join('\n'));
};

describe('weir try', () => {
  test('says by when a silent device was expected', async () => {
    const rules = ruled('quiet', 'detect:\n  - { id: quiet, metrics: [temperature], detector: silence }\n');
    // A minute apart, but for ten of them.
    const minutes = Array.from({ length: 60 }, (_, i) => i).filter((i) => i < 40 || i >= 50);
    const gap = written('gap.jsonl', minutes.map((i) => value('d1', i * 60_000, 20)).join('\n'));
    const { code, out } = await weir('try', rules, '--input', gap);
    expect(code).toBe(0);
    expect(out).toMatch(/2026-01-05T08:50:00\.000Z +0\.\d\d +quiet +d1 +temperature +20 +by 2026-01-05T08:44:00\.000Z/);
  });

  test('shows windows and alerts, and what did not count', async () => {
    const { code, out, err } = await weir('try', rulesWith(40), '--input', recorded);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^rules [0-9a-f]{12}\n9 records: 8 counted, 1 dead; 2 devices; event times 2026-01-05T08:00:00\.000Z to 2026-01-05T08:01:10\.000Z\n/,
    );
    expect(out).toMatch(/1 +not_json +.*\(offset 3\)\n/);
    expect(out).toContain('alerts: 1 (hot 1)\n');
    expect(out).toMatch(/08:00:10\.000Z +2026-01-05T08:00:50\.000Z +warning +cleared +hot +d1 +d1 is at 45\n/);
    expect(out).toContain('windows: 2 (minute 2)\n');
    expect(out).toMatch(/minute +d1 +temperature +3 +28\.3333 +20 +45\n/);
  });

  test('shows what counted although a rule had something to say of it', async () => {
    const rules = ruled(
      'let-through',
      `validate:
  - { id: mild, metric: temperature, range: [0, 36], then: clamp }
alerts:
  - { id: odd, when: '1.0 / (temperature - 20.0) > 5.0' }
`,
    );
    const { code, out, err } = await weir('try', rules, '--input', recorded);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/counted all the same\n.*\n +4 +unanswered +odd +offset 0\n +2 +flagged +mild +offset 2\n/);
    const { letThrough } = JSON.parse((await weir('try', rules, '--input', recorded, '--json')).out) as {
      readonly letThrough: unknown;
    };
    expect(letThrough).toEqual([
      { what: 'unanswered', rule: 'odd', count: 4, offset: 0 },
      { what: 'flagged', rule: 'mild', count: 2, offset: 2 },
    ]);
  });

  test('prints how alerts differ from those of other rules', async () => {
    const { code, out } = await weir('try', rulesWith(34), '--input', recorded, '--against', rulesWith(40));
    expect(code).toBe(0);
    expect(out).toContain('difference in alerts: 1 more, 0 fewer, 0 changed, 1 the same\n');
    expect(out).toMatch(/RULE +MORE +FEWER +CHANGED +DEVICES\n +hot +\+1 +-0 +0 +d2\n/);
    expect(out).toMatch(/more: 1\n.*\n +hot +d2 +warning +2026-01-05T08:00:10\.000Z +goes on\n/);
    const turned = await weir('try', rulesWith(40), '--input', recorded, '--against', rulesWith(34), '--json');
    expect(JSON.parse(turned.out)).toMatchObject({
      tally: { read: 9, counted: 8, dead: 1 },
      alerts: {
        count: 1,
        byRule: { hot: 1 },
        items: [{ device: 'd1', history: [{ state: 'active' }, { state: 'cleared' }] }],
      },
      against: {
        counts: { more: 0, fewer: 1, changed: 0, same: 1, notCompared: 0 },
        fewer: [{ rule: 'hot', device: 'd2' }],
      },
    });
  });

  test('of the same input says the same, byte for byte, however much is held', async () => {
    const input = simulated();
    const args = ['try', packFile('starter'), '--input', input, '--against', rulesWith(30), '--json'];
    const once = await weir(...args);
    expect((await weir(...args)).out).toBe(once.out);
    const all = JSON.parse(once.out) as {
      readonly windows: { readonly count: number; readonly items: readonly unknown[] };
    };
    expect(all.windows.count).toBeGreaterThan(100);
    expect(all.windows.items).toHaveLength(100);
    const few = JSON.parse((await weir(...args, '--limit', '3')).out) as typeof all;
    expect(few.windows).toMatchObject({ count: all.windows.count, items: all.windows.items.slice(0, 3) });
    expect((await weir('try', packFile('starter'), '--input', input, '--limit', '2')).out).toMatch(
      /windows: \d+ \(minute \d+\), the first 2 shown \(--limit\)\n/,
    );
  });

  test('a line that says something else than it may is a fault with its place', async () => {
    const input = written('broken.jsonl', `${value('d1', 0, 20)}\n{"timestamp":"then","value":""}\n`);
    const { code, err } = await weir('try', rulesWith(40), '--input', input);
    expect([code, err]).toEqual([1, expect.stringMatching(/^weir: .*broken\.jsonl:2: timestamp: expected epoch/)]);
    const nowhere = await weir('try', rulesWith(40), '--input', join(folder, 'nowhere'));
    expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('there is no such file')]);
  });

  test.each([
    [[], 'say either --input or --topic'],
    [['--input', 'a', '--topic', 'b'], 'say either --input or --topic'],
    [['--topic', 'a,b'], 'one topic at a time is read'],
    [['--input', 'a', '--from', '5'], '--from and --to are for --topic'],
  ])('%j is no command line', async (flags, why) => {
    const { code, err } = await weir('try', rulesWith(40), ...flags);
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
  });

  test('faulty rules end with 78, whichever they are', async () => {
    const faulty = written('faulty.rules.yaml', 'version: 1\nalert: []\n');
    for (const args of [[faulty], [rulesWith(40), '--against', faulty]]) {
      const { code, err } = await weir('try', ...args, '--input', recorded);
      expect([code, err]).toEqual([78, expect.stringContaining('did you mean alerts?')]);
    }
  });
});
