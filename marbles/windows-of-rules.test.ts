import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ToldWindow } from '../streams/model/window.js';
import { window } from '../streams/operators/window.js';
import { slope } from '../streams/statistics/slope.js';
import { logs, ownPlace, testSettings } from './kit/index.js';
import { byKey, inAndOut } from './reference/in-and-out.js';
import { ruled } from './reference/rules.js';
import { type Told, windowsOfRules } from './reference/windows-of-rules.js';

/** Sums of values in another order differ in their last bits. */
const about = (value: number): unknown => expect.closeTo(value, 6);

const expected = ({ key, values, timesMs, ...told }: Told) => {
  const [rule, device, metric] = key.split(' ');
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const memory = slope.begin();
  for (const [i, value] of values.entries()) slope.add(memory, value, timesMs[i] ?? NaN);
  const trend = slope.resultsOf(memory, { min: 0, max: 0 });
  return {
    rule,
    device,
    metric,
    ...told,
    isCut: false,
    count: values.length,
    sum: about(values.reduce((a, b) => a + b, 0)),
    min: Math.min(...values),
    max: Math.max(...values),
    mean: about(mean),
    variance: about(values.reduce((squares, value) => squares + (value - mean) ** 2, 0) / values.length),
    first: values[0],
    last: values.at(-1),
    more: Object.fromEntries(
      Object.entries(trend).map(([name, value]) => [name, value === null ? null : about(value)]),
    ),
  };
};

/** What is told at one record of several windows may come in any order. */
const inOrder = <A extends Pick<Told, 'offset' | 'startMs' | 'revision' | 'isClosed'>>(
  told: readonly A[],
): readonly A[] =>
  told.toSorted(
    (a, b) =>
      a.offset - b.offset ||
      a.startMs - b.startMs ||
      a.revision - b.revision ||
      Number(a.isClosed) - Number(b.isClosed),
  );

describe.each([
  ['hopping', 'metrics: all, hopping: { size: 10s, every: 2s }, allowed_lateness: 4s'],
  ['hopping, without lateness', 'metrics: all, hopping: { size: 6s, every: 3s }, allowed_lateness: 0s'],
  ['sessions', 'metrics: all, session: { gap: 4s }, allowed_lateness: 4s'],
  ['sessions, long ones, with lateness', 'metrics: all, session: { gap: 10s }, allowed_lateness: 30s'],
  ['sessions, without lateness', 'metrics: all, session: { gap: 3s }, allowed_lateness: 0s'],
  ['counts', 'metrics: all, count: 3'],
])('windows: %s', (_what, span) => {
  it('are told at every turn as their definition says, from all values sorted', () => {
    // Tumbling windows that stay open for long let records come late to the others.
    const rules = ruled(`
windows:
  - { id: tried, ${span}, statistics: [slope] }
  - { id: wide, metrics: [battery], tumbling: 30s, allowed_lateness: 30s, statistics: [slope] }
`);
    const settings = testSettings({ rules });
    fc.assert(
      fc.property(logs(settings), (log) => {
        const { came } = inAndOut(window, ownPlace, log, settings);
        const records = came.flatMap((chunk) => chunk.records);
        const keyOf = ({ rule, device, metric }: ToldWindow) => `${rule} ${device} ${metric}`;
        const told = byKey(came.flatMap((chunk) => chunk.windows), keyOf); // prettier-ignore
        const moves = came.flatMap((chunk) => chunk.advances);
        const wanted = byKey(windowsOfRules(records, moves, rules), ({ key }) => key);
        expect([...told.keys()].sort()).toEqual([...wanted.keys()].sort());
        for (const [key, ofKey] of wanted) expect(inOrder(told.get(key) ?? [])).toEqual(inOrder(ofKey).map(expected));
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
