import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { showFault } from '../../../src/config/faults.js';
import { decodeCases } from '../../../src/rules/cases.js';
import { keyTables } from '../../../src/rules/document/tables.js';
import { rulesFromTexts } from '../../../src/rules/load.js';
import { detectors } from '../../../streams/detectors/registry.js';
import { statisticNames } from '../../../streams/statistics/registry.js';
import { unitNames } from '../../../streams/codecs/units.js';

const text = readFileSync(join(import.meta.dirname, '../../../docs/rules.md'), 'utf8');
/** Prettier pads tables. */
const plain = (markdown: string): string => markdown.replace(/ +/g, ' ').replace(/-{3,}/g, '---');

test.each(Object.entries(keyTables()))(
  'docs/rules.md has the keys of %s (weir schema --markdown prints them)',
  (_name, table) => {
    expect(plain(text)).toContain(plain(table));
  },
);

test('docs/rules.md names every unit, statistic and detector', () => {
  const named = (name: string): boolean => text.includes(`\`${name}\``);
  expect(
    [...unitNames(), ...statisticNames, ...detectors.map(({ name }) => name)].filter((name) => !named(name)),
  ).toEqual([]);
});

const examples = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => yaml);

test('every example of docs/rules.md is right, and together they are one file', () => {
  const sections: Record<string, unknown[]> = {};
  for (const yaml of examples.slice(2, -1)) {
    const [[name, entries] = ['', []]] = Object.entries(parse(yaml) as Record<string, unknown[]>);
    if (Array.isArray(entries)) sections[name] = entries;
  }
  const metrics = {
    temperature: { unit: '°C', range: [-50, 150] },
    humidity: { unit: '%', range: [0, 100] },
    current: { range: [0, 9] },
    energy: { range: [0, 9] },
    counter: { range: [0, 9] },
  };
  const more = [
    { id: 'too-wet', on: 'humidity', above: { raise: 80 } },
    {
      id: 'ladder',
      on: 'humidity',
      levels: [
        { severity: 'info', above: { raise: 1 } },
        { severity: 'critical', above: { raise: 2 } },
      ],
    },
  ];
  // The ladder of the example is another rule than the one that the example of groups changes.
  const alerts = (sections['alerts'] ?? []).map((alert) =>
    (alert as { id: string }).id === 'too-hot'
      ? { ...(alert as object), levels: undefined, above: { raise: 40 } }
      : alert,
  );
  const whole = { version: 1, metrics, ...sections, alerts: [...alerts, ...more] };
  const made = rulesFromTexts([{ name: 'docs', text: JSON.stringify(whole) }]);
  expect(made._tag === 'Left' ? made.left.map(showFault) : []).toEqual([]);
  expect(Object.keys(sections).sort()).toEqual(['alerts', 'derive', 'detect', 'devices', 'validate', 'windows']);
});

test('the example of cases is right', () => {
  expect(decodeCases('docs', examples.at(-1) ?? '').faults.map(showFault)).toEqual([]);
});
