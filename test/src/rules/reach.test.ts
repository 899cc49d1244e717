import { expect, test } from 'vitest';
import { warningsOf } from './loading.js';

const when = (text: string): readonly string[] =>
  warningsOf(`version: 1
metrics:
  t: { range: [-50, 150] }
  h: { range: [200, 300] }
derive:
  - { metric: free, value: 't + h' }
alerts:
  - { id: a, when: '${text}' }
`);

test.each([
  ['t > 200', 'never', 't'],
  ['t > 150', 'never', 't'],
  ['150 < t', 'never', 't'],
  ['t <= 150', 'always', 't'],
  ['t < -50', 'never', 't'],
  ['t >= -50', 'always', 't'],
  ['-t > 50', 'never', 't'],
  ['!(t > 200) && h > 250', 'never', 't'],
  ['h > 250 || t < -51', 'never', 't'],
  ['t < h', 'always', 't'],
])('a comparison that ranges settle is told: %s', (text, how, metric) => {
  expect(when(text)).toEqual([
    expect.stringContaining(`alerts[0].when: it ${how} holds: values of ${metric} lie between -50 and 150`),
  ]);
});

test.each(['t > 149.9', 't >= 150', 't < 150', 't + 1 > 200', 'free > 1000', 't * 2 > h', 'h == 200'])(
  'others are not: %s',
  (text) => {
    expect(when(text)).toEqual([]);
  },
);
