import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settingsUnder } from '../../../streams/rules/settings.js';
import { defaultConfig } from '../../../src/config/defaults.js';
import { difference } from '../../../src/replay/line-difference.js';
import { type CaseResult, runCase } from '../../../src/replay/run-case.js';
import { decodeCases } from '../../../src/rules/cases.js';
import { rulesFromTexts } from '../../../src/rules/load.js';

/** One case against one alert. */
const ran = async (alert: string, records: string, expected: string): Promise<CaseResult> => {
  const text = `version: 1\nmetrics:\n  temperature: { unit: °C, range: [-50, 150] }\nalerts:\n  - { id: hot, ${alert} }\n`;
  const rules = rulesFromTexts([{ name: 'a', text }]);
  const cases = decodeCases(
    'a',
    `version: 1\ncases:\n  - { name: a, records: [${records}], expect: { ${expected} } }\n`,
  );
  if (rules._tag === 'Left' || cases.faults.length > 0) throw new Error('faulty');
  const [one] = cases.cases;
  if (one === undefined) throw new Error('no case');
  return runCase(one, settingsUnder(rules.right.rules, defaultConfig().pipeline));
};
const reading = (atS: number, temperature: number, device = 'd1'): string =>
  `{ device: ${device}, at: ${atS}s, values: { temperature: ${temperature} } }`;
const stepsOf = ({ alerts, startMs }: CaseResult): readonly string[] =>
  (alerts ?? []).map(
    ({ sign, item }) => `${sign} ${(item.atMs - startMs) / 1_000} ${item.device} ${item.state} ${item.severity ?? ''}`,
  );

describe('a case', () => {
  test('is not told of comings and goings within keep_for, and of each step of a ladder once', async () => {
    const ladder =
      'on: temperature, levels: [{ severity: warning, above: { raise: 40 } }, { severity: critical, above: { raise: 45 } }], keep_for: 1m';
    const records = [
      reading(0, 41),
      reading(10, 30),
      reading(20, 41),
      reading(30, 46),
      reading(40, 30),
      reading(110, 30),
    ];
    const result = await ran(ladder, records.join(), 'alerts: []');
    expect(stepsOf(result)).toEqual(['+ 0 d1 active warning', '+ 30 d1 active critical', '+ 110 d1 cleared critical']);
  });

  test('is told each alert of a flood, and not its summary', async () => {
    const guarded = 'on: temperature, above: { raise: 40 }, flood: { by: all, most: 1, per: 1m }';
    const result = await ran(
      guarded,
      [reading(0, 41), reading(1, 41, 'd2'), reading(2, 41, 'd3')].join(),
      'alerts: []',
    );
    expect(stepsOf(result)).toEqual(['+ 0 d1 active warning', '+ 1 d2 active warning', '+ 2 d3 active warning']);
  });

  test('looks at nothing that it does not speak of', async () => {
    const records = `${reading(0, 41)}, ${reading(1, 999)}`;
    for (const expected of ['rejected: 1', 'alerts: [{ at: 0s, rule: hot, device: d1, state: active }]'])
      expect(await ran('on: temperature, above: { raise: 40 }', records, expected)).toMatchObject({
        isPassed: true,
        alerts: null,
        rejected: null,
        reasons: [{ reason: 'out_of_range', count: 1 }],
      });
  });

  test('reads records in the order in which they stand, late ones by when they were logged', async () => {
    const late = '{ device: d1, at: 0s, logged_at: 25s, values: { temperature: 20 } }';
    const inOrder = await ran('on: temperature, above: { raise: 40 }', `${reading(20, 41)}, ${late}`, 'alerts: []');
    // The newest reading decides: what comes behind it clears nothing.
    expect(stepsOf(inOrder)).toEqual(['+ 20 d1 active warning']);
  });
});

describe('the difference of two lists', () => {
  test('holds both of them, in order, and is the shortest there is', () => {
    const list = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 9 });
    fc.assert(
      fc.property(list, list, (expected, found) => {
        const lines = difference(expected, found, (a, b) => a === b);
        const without = (sign: '-' | '+'): readonly number[] =>
          lines.flatMap((line) => (line.sign === sign ? [] : [line.item]));
        expect(without('+')).toEqual(expected);
        expect(without('-')).toEqual(found);
        expect(lines.filter(({ sign }) => sign === '=')).toHaveLength(longestCommon(expected, found));
      }),
    );
  });

  /** From the definition. */
  const longestCommon = (a: readonly number[], b: readonly number[]): number => {
    const [first, ...rest] = a;
    if (first === undefined) return 0;
    const at = b.indexOf(first);
    const without = longestCommon(rest, b);
    return at < 0 ? without : Math.max(without, 1 + longestCommon(rest, b.slice(at + 1)));
  };
});
