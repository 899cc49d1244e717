import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showFault } from '../../../src/config/faults.js';
import { loadRules, rulesFromBundle, rulesFromTexts } from '../../../src/rules/load.js';
import { device, loaded, rulesOf, twoMetrics } from './loading.js';

const alerts = 'alerts:\n  - { id: hot, on: temperature, above: { raise: 40, clear: 38 } }\n';

describe('the version', () => {
  const { version } = loaded(twoMetrics + alerts);

  test('does not change with comments, layout, order of keys, or what goes without saying', () => {
    const other = `# a comment
version: 1
alerts:
  - above:
      clear: 38
      raise: 40.0
    on: temperature   # another
    id: "hot"
    severity: warning
    keep_for: 0s
metrics: { temperature: { range: [ -50, 150 ], unit: "°C" }, humidity: { unit: "%", range: [0, 1e2] } }
`;
    expect(loaded(other).version).toBe(version);
    expect(version).toMatch(/^[0-9a-f]{12}$/);
  });

  test.each([
    ['a level', ['38', '37']],
    ['a name', ['id: hot', 'id: hott']],
    ['a unit', ['°C', 'K']],
    ['the order of metrics', ['humidity', 'a_humidity']],
  ])('changes with %s', (_what, [from, to]) => {
    expect(loaded((twoMetrics + alerts).replace(from ?? '', to ?? '')).version).not.toBe(version);
  });

  test('is the same whether they stand in one file or in several', () => {
    const made = rulesFromTexts([
      { name: 'a.rules.yaml', text: twoMetrics },
      { name: 'b.rules.yaml', text: `version: 1\n${alerts}` },
    ]);
    expect(made._tag === 'Right' && made.right.version).toBe(version);
  });
});

describe('a folder', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-rules-'));
    writeFileSync(join(folder, 'b.rules.yaml'), `version: 1\n${alerts}`);
    writeFileSync(join(folder, 'a.rules.yaml'), twoMetrics);
    writeFileSync(join(folder, 'notes.yaml'), 'anything: else');
    writeFileSync(join(folder, 'a.test.yaml'), 'anything: else');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('is read as one, and its one text means the same elsewhere', () => {
    const made = loadRules(folder);
    if (made._tag === 'Left') throw new Error(made.left.map(showFault).join('\n'));
    const again = rulesFromBundle(made.right.text);
    expect(again._tag === 'Right' && again.right.version).toBe(made.right.version);
    expect(again._tag === 'Right' && again.right.text).toBe(made.right.text);
    expect(made.right.text).not.toContain(folder);
    expect(made.right.rules.alerts.map(({ id }) => id)).toEqual(['hot']);
  });

  test.each([['{}'], ['not JSON'], ['[{"name": 1}]']])('a text that is none is a fault: %s', (text) => {
    expect(rulesFromBundle(text)._tag).toBe('Left');
  });

  test.each([
    ['that is not there', () => join(folder, 'c'), /it can't be read/],
    ['without rules', () => mkdtempSync(join(folder, 'empty-')), /no file in this folder ends in \.rules\.yaml/],
  ])('a folder %s is a fault', (_what, path, expected) => {
    const made = loadRules(path());
    expect(made._tag === 'Left' && made.left.map(showFault).join()).toMatch(expected);
  });
});

describe('the starter pack', () => {
  const made = loadRules(null);
  if (made._tag === 'Left') throw new Error(made.left.map(showFault).join('\n'));
  const { rules, warnings } = made.right;

  test('says what the built-in rules have always said', () => {
    expect(rules.metrics.map(({ name, unit, min, max }) => [name, unit, min, max])).toEqual([
      ['temperature', '°C', -50, 150],
      ['humidity', '%', 0, 100],
      ['pressure', 'hPa', 300, 1200],
      ['current', 'A', 0, 100],
      ['switch', '', 0, 1],
      ['battery', '%', 0, 100],
      ['signal', 'dBm', -120, 0],
    ]);
    const written = rules.alerts.map(({ id, input, levels }) => {
      const [level] = levels;
      return [
        id,
        input._tag === 'reading' ? rules.metrics[input.metric]?.name : null,
        level?.raise.text,
        level?.clear.text,
        level?.severity,
      ];
    });
    expect(written).toEqual([
      ['temperature-high', 'temperature', '> 40', '<= 38', 'warning'],
      ['temperature-very-high', 'temperature', '> 45', '<= 43', 'critical'],
      ['temperature-low', 'temperature', '< 5', '>= 6', 'warning'],
      ['humidity-high', 'humidity', '> 80', '<= 78', 'warning'],
      ['humidity-very-high', 'humidity', '> 90', '<= 88', 'critical'],
      ['humidity-low', 'humidity', '< 20', '>= 22', 'warning'],
      ['battery-low', 'battery', '< 20', '>= 22', 'warning'],
      ['battery-very-low', 'battery', '< 10', '>= 12', 'critical'],
      ['pressure-low', 'pressure', '< 900', '>= 905', 'warning'],
      ['pressure-high', 'pressure', '> 1100', '<= 1095', 'warning'],
      ['current-high', 'current', '> 8', '<= 7.5', 'warning'],
    ]);
    expect(rules.windows).toMatchObject([
      {
        metrics: rules.metrics.map((_, slot) => slot),
        span: { kind: { name: 'tumbling' }, settings: { size: 60_000 } },
        allowedLatenessMs: 30_000,
      },
    ]);
    expect(warnings).toEqual([]);
  });

  test('tells people what they were told so far', () => {
    const [alert] = rules.planOf(device('a')).alerts;
    const facts = {
      device: device('a'),
      rule: 'temperature-high',
      metric: 'temperature',
      unit: '°C',
      severity: 'warning',
    } as const;
    expect(alert?.message({ ...facts, value: 41.256, level: 40 })).toBe('temperature 41.26 °C is above 40 °C');
    expect(alert?.message({ ...facts, unit: '', value: 1, level: 0 })).toBe('temperature 1 is above 0');
  });
});

describe('units', () => {
  const rules = rulesOf(`version: 1
metrics:
  any: { unit: °C, range: [-50, 150] }
  some: { unit: °C, range: [-50, 150], accepts: [K] }
  none: { range: [0, 9] }
derive:
  - { metric: smoothed, smooth: { of: any, half_life: 10s } }
`);
  const convert = (slot: number, unit: string): number | null =>
    rules.metrics[slot]?.conversionFrom(unit)?.(300) ?? null;

  test.each([
    [0, 'K', 26.850000000000023],
    [0, 'kelvin', 26.850000000000023],
    [0, '°F', 148.88888888888889],
    [0, '°C', 300],
    [0, 'hPa', null],
    [0, 'nonsense', null],
    [1, 'K', 26.850000000000023],
    [1, 'celsius', 300],
    [1, '°F', null],
    [2, '', 300],
    [2, 'K', null],
    [3, '°C', 300],
  ])('of metric %i, 300 %s is %j', (slot, unit, expected) => {
    expect(convert(slot, unit)).toBe(expected);
  });

  test('are kept by what is smoothed', () => {
    expect(rules.metrics[3]).toMatchObject({ name: 'smoothed', unit: '°C', isDerived: true });
  });
});

describe('a message', () => {
  const message = (template: string) => {
    const [alert] = rulesOf(
      `${twoMetrics.replace('°C,', '°C, decimals: 1,')}alerts:\n  - { id: hot, on: temperature, above: { raise: 1 }, message: ${JSON.stringify(template)} }\n`,
    ).alerts;
    if (alert === undefined) throw new Error('no alert');
    return (id: string, type: string, value: number) =>
      alert.message({
        device: device(id, { type, floor: 2 }),
        rule: 'hot',
        metric: 'temperature',
        unit: '°C',
        severity: 'error',
        value,
        level: 1,
      });
  };

  test('has what its names stand for', () => {
    expect(
      message('{device} ({type}, floor {floor}, {room}): {value} {unit} > {level}, {severity} {{x}}')(
        'd1',
        'pump',
        41.26,
      ),
    ).toBe('d1 (pump, floor 2, –): 41.3 °C > 1.0, error {x}');
  });

  test('leaves the text of a device what it is: no names, no lines, no turned writing, no end', () => {
    expect(message('{device}: {type}')('{value}', 'a\nb\u202ec\u0000d', 1)).toBe('{value}: a b c d');
    expect(message('{type}')('d', 'x'.repeat(10_000), 1)).toHaveLength(129);
    expect(message('{value}')('d', 'x', NaN)).toBe('–');
  });
});

describe('shapes', () => {
  const window = (rest: string): string | undefined =>
    rulesOf(`${twoMetrics}windows:\n  - { id: w, ${rest} }\n`).windows[0]?.shape;
  const alert = (rest: string): string | undefined =>
    rulesOf(`${twoMetrics}alerts:\n  - { id: a, ${rest} }\n`).alerts[0]?.shape;

  test('of a window change with what its stored parts mean, and with nothing else', () => {
    const one = window('metrics: [humidity], tumbling: 1m, allowed_lateness: 1s');
    expect(window('metrics: [humidity], tumbling: 1m, allowed_lateness: 9s')).toBe(one);
    expect(window('metrics: [humidity], tumbling: 2m, allowed_lateness: 1s')).not.toBe(one);
    expect(window('metrics: [humidity], tumbling: 1m, allowed_lateness: 1s, statistics: [p95]')).not.toBe(one);
  });

  test('of alerts are those that lie in the store with open episodes', () => {
    expect(alert('on: humidity, above: { raise: 3 }')).toBe('20d0ff');
    expect(alert('on: humidity, below: { raise: 3 }')).toBe('a155b2');
    expect(alert('when: humidity > 3')).toBe('d35899');
    const ladder = 'levels: [{ severity: info, above: { raise: 3 } }, { severity: error, above: { raise: 4 } }]';
    expect(alert(`on: humidity, ${ladder}, m_of_n: [2, 3]`)).toBe('539edf');
  });

  test('of an alert do not change with its levels', () => {
    const one = alert('on: humidity, above: { raise: 3 }');
    expect(alert('on: humidity, above: { raise: 4, clear: 2 }, for: 3s')).toBe(one);
    expect(alert('on: humidity, below: { raise: 4 }')).not.toBe(one);
    expect(alert('on: temperature, above: { raise: 3 }')).not.toBe(one);
    expect(alert('on: humidity, above: { raise: 3 }, m_of_n: [2, 3]')).not.toBe(one);
  });
});
