import { expect, test } from 'vitest';
import { warningsOf } from './loading.js';

const rules = (rest: string): string => `version: 1
metrics:
  t: { unit: °C, range: [-50, 150] }
  h: { unit: '%', range: [0, 100] }
  p: { unit: kW, range: [0, 100] }
  q: { unit: W, range: [0, 100] }
  n: { range: [0, 100] }
${rest}
`;
const when = (text: string): readonly string[] => warningsOf(rules(`alerts:\n  - { id: a, when: '${text}' }`));
const derived = (rest: string): readonly string[] => warningsOf(rules(`derive:\n  - { metric: x, ${rest} }`));

test.each([
  ['p > q', 'kW meets W'],
  ['t + h > 3', '°C meets %'],
  ['t - h > 3', '°C meets %'],
  ['max(p, q) > 3', 'kW meets W'],
  ['n > 3 && !(abs(p) == -q)', 'kW meets W'],
  ['(n > 3 ? t : h) > 4', '°C meets %'],
])('of unlike units that meet a warning tells: %s', (text, told) => {
  expect(when(text)).toEqual([expect.stringContaining(`alerts[0].when: ${told}, and nothing converts one`)]);
});

test.each(['p * 1000 > q', 't > 40', 'n > t', 't / h > p', 't - 2 > h', 'max(p, 3) > p', 'sqrt(t) > h'])(
  'of others none: %s',
  (text) => {
    expect(when(text)).toEqual([]);
  },
);

test('what is computed has the unit of what it is made of, where that is plain', () => {
  expect(derived("unit: hPa, value: 't + 2'")).toEqual([
    expect.stringContaining('derive[0].unit: what is computed is in °C, as what it is made of; found "hPa"'),
  ]);
  for (const rest of ["unit: °C, value: 't + 2'", "unit: W, value: 'p * 1000'", "value: 't + 2'"])
    expect(derived(rest)).toEqual([]);
});
