import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freshVerdict } from '../../../streams/detectors/detector.js';
import { globMatches } from '../../../src/rules/glob.js';
import { device, rulesOf, twoMetrics } from './loading.js';

const text = `${twoMetrics}devices:
  - { id: everything, tags: [all], report_every: 1m }
  - { id: cold, match: { id: "cold-*", building: [B1, B2] }, tags: [cold], report_every: 30s,
      calibrate: { temperature: { offset: -0.3, scale: 1.01 } },
      override: { hot: { raise: 8, clear: 6 }, wet: { off: true } } }
  - { id: odd, match: { tag: cold, id: "*-7" }, tags: [odd], override: { hot: { raise: 9, for: 10s }, ladder: { levels: { critical: { raise: 90 } } } } }
windows:
  - { id: minute, metrics: all, tumbling: 1m, allowed_lateness: 0s }
  - { id: hour, metrics: [humidity], tumbling: 1h, allowed_lateness: 0s, match: { type: [pump, fan] } }
  - { id: typed, metrics: [humidity], tumbling: 1h, allowed_lateness: 0s, match: { type: "*" } }
alerts:
  - { id: hot, on: temperature, above: { raise: 40, clear: 38 } }
  - { id: wet, on: humidity, above: { raise: 80 } }
  - { id: cold-only, on: humidity, below: { raise: 3 }, match: { tag: cold } }
  - { id: ladder, on: humidity, levels: [{ severity: info, above: { raise: 60 } }, { severity: critical, above: { raise: 70, clear: 65 } }] }
  - { id: expression, when: '"odd" in device.tags && humidity > 1' }
`;

describe('the plan of a device', () => {
  const rules = rulesOf(text);
  const alertIds = (id: string, given = {}): readonly string[] =>
    rules.planOf(device(id, given)).alerts.map((rule) => rule.id);

  test('holds the rules that match it', () => {
    expect(alertIds('warm-1')).toEqual(['hot', 'wet', 'ladder', 'expression']);
    expect(alertIds('cold-1', { building: 'B2' })).toEqual(['hot', 'cold-only', 'ladder', 'expression']);
    // Without its building it is none of the group.
    expect(alertIds('cold-1')).toEqual(['hot', 'wet', 'ladder', 'expression']);
    expect(rules.planOf(device('a', { type: 'fan' })).windows.map(({ id }) => id)).toEqual(['minute', 'hour', 'typed']);
    expect(rules.planOf(device('a', { type: 'fans' })).windows.map(({ id }) => id)).toEqual(['minute', 'typed']);
    expect(rules.planOf(device('a')).windows.map(({ id }) => id)).toEqual(['minute']);
  });

  test('has what groups say, of which the last wins', () => {
    const cold = rules.planOf(device('cold-1', { building: 'B1' }));
    expect(cold.tags).toEqual(['all', 'cold']);
    expect(cold.reportEveryMs).toBe(30_000);
    expect(cold.calibration).toEqual({ scale: [1.01, 1], offset: [-0.3, 0] });
    expect(rules.planOf(device('warm-1'))).toMatchObject({ tags: ['all'], reportEveryMs: 60_000, calibration: null });
  });

  test('has its silence judged by how often it should report', () => {
    const watched = rulesOf(
      `${twoMetrics}devices: [{ id: slow, match: { id: "slow-*" }, report_every: 10m }]\n` +
        'detect: [{ id: quiet, metrics: [temperature], detector: silence, threshold: 0.5 }]\n',
    );
    const score = (id: string): number => {
      const [rule] = watched.planOf(device(id)).detect;
      const verdict = freshVerdict();
      const state = rule?.tuned.create();
      if (rule === undefined || state === undefined) return NaN;
      for (let i = 0; i < 20; i += 1) rule.tuned.step(state, 0, i * 1_000, verdict);
      rule.tuned.overdue?.(state, 19_000 + 60_000, verdict);
      return verdict.score;
    };
    // A minute is sixty of the intervals that were learned, and a tenth of the one that was told.
    expect(score('fast-1')).toBeGreaterThan(0.9);
    expect(score('slow-1')).toBeLessThan(0.1);
  });

  test('has levels of its own, and only those that were changed', () => {
    const alert = (id: string, rule: string) =>
      rules.planOf(device(id, { building: 'B1' })).alerts.find((one) => one.id === rule);
    expect(alert('warm-1', 'hot')?.levels[0]).toMatchObject({
      raise: { text: '> 40' },
      clear: { text: '<= 38' },
    });
    expect(alert('cold-1', 'hot')?.levels[0]).toMatchObject({
      raise: { text: '> 8' },
      clear: { text: '<= 6' },
    });
    expect(alert('cold-7', 'hot')).toMatchObject({
      forMs: 10_000,
      levels: [{ raise: { text: '> 9' }, clear: { text: '<= 6' } }],
    });
    expect(alert('cold-7', 'ladder')?.levels.map(({ raise, clear }) => [raise.text, clear.text])).toEqual([
      ['> 60', '<= 60'],
      ['> 90', '<= 65'],
    ]);
    expect(alert('cold-7', 'hot')?.index).toBe(0);
  });

  test('has a clear level that goes along with its raise level, where they were one', () => {
    const given = `${twoMetrics}devices: [{ id: g, override: { one: { raise: 90 }, two: { raise: 90 } } }]
alerts:
  - { id: one, on: humidity, above: { raise: 80 } }
  - { id: two, on: humidity, above: { raise: 80, clear: 70 } }
`;
    const { alerts } = rulesOf(given).planOf(device('a'));
    expect(alerts.map(({ levels }) => levels[0]?.clear.text)).toEqual(['<= 90', '<= 70']);
  });

  test('is the same object for the same combination of groups', () => {
    expect(rules.planOf(device('warm-1'))).toBe(rules.planOf(device('warm-2')));
    expect(rules.planOf(device('cold-1', { building: 'B1' }))).toBe(rules.planOf(device('cold-2', { building: 'B2' })));
    expect(rules.planOf(device('cold-1', { building: 'B1' }))).not.toBe(
      rules.planOf(device('cold-7', { building: 'B1' })),
    );
  });

  test('gives expressions the tags', () => {
    const claim = rules.alerts.find(({ id }) => id === 'expression')?.levels[0]?.raise;
    const holdsOf = (id: string) =>
      claim?.holds({ value: NaN, readings: [0, 2], facts: device(id, { building: 'B1' }) });
    expect([holdsOf('cold-7'), holdsOf('cold-1')]).toEqual([true, false]);
  });
});

describe('a glob', () => {
  test('matches what the same regular expression does', () => {
    const characters = fc.stringMatching(/^[ab.*?]{0,8}$/);
    fc.assert(
      fc.property(characters, fc.stringMatching(/^[ab.]{0,10}$/), (glob, given) => {
        const source = glob.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(globMatches(glob, given)).toBe(new RegExp(`^${source}$`).test(given));
      }),
      { numRuns: 2_000 },
    );
  });

  test('takes no time to speak of, whatever the pattern', () => {
    const from = process.cpuUsage();
    expect(globMatches('*a'.repeat(128), `${'a'.repeat(20_000)}b`)).toBe(false);
    expect(process.cpuUsage(from).user).toBeLessThan(1_000_000);
  });
});
