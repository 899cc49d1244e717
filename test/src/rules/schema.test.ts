import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { showFault } from '../../../src/config/faults.js';
import { casesSchema, decodeCases } from '../../../src/rules/cases.js';
import { rulesSchema } from '../../../src/rules/document/document.js';
import { loadRules, packFile } from '../../../src/rules/load.js';
import { faultsOf, twoMetrics } from './loading.js';

const packs = join(import.meta.dirname, '../../../packs');
const docs = join(import.meta.dirname, '../../../docs');
const filesOf = (suffix: string): readonly string[] => readdirSync(packs).filter((name) => name.endsWith(suffix));
const textOf = (name: string): string => readFileSync(join(packs, name), 'utf8');

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
const isRules = ajv.compile(rulesSchema());
const areCases = ajv.compile(casesSchema());

describe('the schema', () => {
  test.each([
    ['rules.schema.json', rulesSchema],
    ['cases.schema.json', casesSchema],
  ])('docs/%s is what the codecs say', (name, schema) => {
    expect(JSON.parse(readFileSync(join(docs, name), 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema())));
  });

  test.each([
    ['an unknown section', `${twoMetrics}alert: []\n`],
    ['no version', twoMetrics.replace('version: 1\n', '')],
    ['an unknown key', `${twoMetrics}alerts:\n  - { id: a, on: humidity, abov: { raise: 1 } }\n`],
    ['an unknown word', `${twoMetrics}alerts:\n  - { id: a, on: humidity, above: { raise: 1 }, severity: bad }\n`],
    [
      'a duration without its unit',
      `${twoMetrics}windows:\n  - { id: w, metrics: all, tumbling: 60, allowed_lateness: 1s }\n`,
    ],
    ['a missing lateness', `${twoMetrics}windows:\n  - { id: w, metrics: all, tumbling: 60s }\n`],
    [
      'two forms at once',
      `${twoMetrics}windows:\n  - { id: w, metrics: all, tumbling: 60s, count: 3, allowed_lateness: 1s }\n`,
    ],
    ['a missing form', `${twoMetrics}derive:\n  - { metric: a }\n`],
    ['a number in quotes', `${twoMetrics}alerts:\n  - { id: a, on: humidity, above: { raise: "1" } }\n`],
    ['a bad glob', `${twoMetrics}devices:\n  - { id: g, match: { id: "[ab]" } }\n`],
    ['a bad name of a metric', `${twoMetrics}  9lives: { range: [0, 9] }\n`],
    [
      'a bad time of day',
      `${twoMetrics}alerts:\n  - { id: a, on: humidity, above: { raise: 1 }, schedule: { zone: UTC, from: "25:00" } }\n`,
    ],
  ])('refuses, as reading does: %s', (_what, text) => {
    expect(isRules(parse(text))).toBe(false);
    expect(faultsOf(text)).not.toEqual([]);
  });
});

describe.each(filesOf('.rules.yaml'))('packs/%s', (name) => {
  test('fits the schema', () => {
    isRules(parse(textOf(name)));
    expect(isRules.errors).toBeNull();
  });

  test('is right, and not strange', () => {
    const made = loadRules(packFile(name.replace('.rules.yaml', '')));
    expect(made._tag === 'Left' ? made.left.map(showFault) : made.right.warnings.map(showFault)).toEqual([]);
  });

  test('has cases that speak of what it has', () => {
    const cases = name.replace('.rules.yaml', '.test.yaml');
    areCases(parse(textOf(cases)));
    expect(areCases.errors).toBeNull();
    const decoded = decodeCases(cases, textOf(cases));
    expect(decoded.faults.map(showFault)).toEqual([]);
    const made = loadRules(join(packs, name));
    if (made._tag === 'Left') throw new Error('faulty');
    const { metrics, windows, alerts } = made.right.rules;
    const [metricNames, windowIds, alertIds] = [
      metrics.map((one) => one.name),
      windows.map(({ id }) => id),
      alerts.map(({ id }) => id),
    ];
    expect(decoded.cases.length).toBeGreaterThanOrEqual(2);
    for (const { records, expect: expected } of decoded.cases) {
      expect(metricNames).toEqual(expect.arrayContaining(records.flatMap(({ values }) => Object.keys(values))));
      expect(windowIds).toEqual(expect.arrayContaining((expected.windows ?? []).map(({ window }) => window)));
      expect(alertIds).toEqual(expect.arrayContaining((expected.alerts ?? []).map(({ rule }) => rule)));
    }
  });
});

describe('a file of cases', () => {
  test('is told what is wrong with it, with its place', () => {
    const text =
      'version: 1\ncases:\n  - name: a\n    records: [{ device: d, at: 5, values: { temperature: 1 } }]\n    expect: { alert: [] }\n';
    const decoded = decodeCases('a.test.yaml', text);
    expect(decoded.faults.map(showFault)).toEqual([
      expect.stringMatching(/^a\.test\.yaml:4:32: cases\[0\]\.records\[0\]\.at: a unit is missing: did you mean 5s\?/),
      expect.stringMatching(
        /^a\.test\.yaml:5:15: cases\[0\]\.expect\.alert: there is no such key here; .*did you mean alerts\?$/,
      ),
    ]);
  });
});
