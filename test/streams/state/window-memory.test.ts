import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import type { WindowResult } from '../../../streams/model/window.js';
import { plainRules, plainWindow } from '../../../streams/plain-rules.js';
import { JsonBytes } from '../../../streams/state/json/json-bytes.js';
import type { WriteJson } from '../../../streams/state/partition-state.js';
import type { RuleStates } from '../../../streams/state/rule-memory.js';
import { windowMemory, windowResult } from '../../../streams/state/window-memory.js';
import { tumbling } from '../../../streams/windows/kinds/tumbling.js';
import { OpenWindow, RuleWindows } from '../../../streams/windows/open-window.js';
import { spanOf } from '../../../streams/windows/span.js';
import { addTo, column, emptyRows, putRow, rowAt, type WindowRow } from '../../../streams/windows/window-row.js';

const metrics = [
  { name: 'temperature', unit: '°C', min: -50, max: 150 },
  { name: 'humidity', unit: '%', min: 0, max: 100 },
];
const rulesOf = (of: typeof metrics) =>
  plainRules({ metrics: of, window: { sizeMs: 10, allowedLatenessMs: 0, metrics: null }, alerts: [] });
const resultOf = (row: WindowRow): WindowResult =>
  windowResult({
    rule: 'r',
    device: 'd',
    metric: 'm',
    span: spanOf(tumbling, { size: 10 }),
    startMs: 0,
    row,
    statistics: [],
    more: null,
    isClosed: false,
    isCut: false,
  });
const filled = (values: readonly number[]): WindowRow => {
  const rows = emptyRows(1);
  values.forEach((value, at) => {
    addTo(rows, 0, value, at);
  });
  return rowAt(rows, 0);
};
const meanOf = (values: readonly number[]): number => resultOf(filled(values)).mean;
const varianceOf = (values: readonly number[]): number => resultOf(filled(values)).variance;

/** Two passes: the mean first, then the squares of what differs from it. */
const twoPasses = (values: readonly number[]): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
};
/** What is not done here: the mean of squares less the square of the mean. */
const ofSquares = (values: readonly number[]): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, value) => sum + value * value, 0) / values.length - mean ** 2;
};

describe('a row', () => {
  it('holds count, sum, least, greatest, mean, first and last', () => {
    expect(resultOf(filled([3, -1, 4]))).toEqual({
      rule: 'r',
      device: 'd',
      metric: 'm',
      startMs: 0,
      endMs: 10,
      count: 3,
      sum: 6,
      min: -1,
      max: 4,
      mean: 2,
      variance: expect.closeTo(14 / 3, 12) as unknown,
      first: 3,
      last: 4,
      revision: 0,
      isClosed: false,
      isCut: false,
      more: {},
    });
  });

  it('takes first and last by event time; of equal times the first to come and the last to come', () => {
    const row = emptyRows(1);
    for (const [value, atMs] of [
      [1, 5],
      [2, 3],
      [3, 3],
      [4, 7],
      [5, 7],
      [6, 6],
    ] as const)
      addTo(row, 0, value, atMs);
    expect([row[column.first], row[column.last]]).toEqual([2, 5]);
  });

  it('has the variance of small differences on a great offset, where the sum of squares has lost it', () => {
    const values = [4, 7, 13, 16].map((value) => value + 1e9);
    expect(varianceOf(values)).toBeCloseTo(22.5, 9);
    expect(Math.abs(ofSquares(values) - 22.5)).toBeGreaterThan(1);
  });

  it('has it for any number of values around 1e9', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 1_000, size: 'max' }),
        (values) => {
          const around = values.map((value) => value + 1e9);
          const exact = twoPasses(around.map((value) => value - 1e9)); // subtracting is exact here
          expect(Math.abs(varianceOf(around) - exact)).toBeLessThan(1e-6);
        },
      ),
      { seed: 1 },
    );
  });

  it('has no variance when all values are the same', () => {
    expect(varianceOf(Array.from({ length: 1_000 }, () => 1e9 + 0.1))).toBe(0);
  });

  it('has the very value as mean when all are the same, and never one beyond them', () => {
    expect(meanOf(Array.from({ length: 3 }, () => 0.1))).toBe(0.1);
    const value = fc.double({ min: 0.1, max: 0.1 + 1e-16 * 8, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        expect(meanOf(values)).toBeGreaterThanOrEqual(Math.min(...values));
        expect(meanOf(values)).toBeLessThanOrEqual(Math.max(...values));
      }),
      { seed: 1 },
    );
  });

  it('never has a negative one', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { minLength: 1 }), (values) => {
        expect(varianceOf(values)).toBeGreaterThanOrEqual(0);
      }),
      { seed: 1 },
    );
  });
});

describe('open windows', () => {
  const remembered = windowMemory(rulesOf(metrics));
  type Held = RuleStates<RuleWindows>;
  const textOf = (held: Held, memory = remembered): string => {
    const json = new JsonBytes();
    (memory.encode(held) as WriteJson)(json);
    return json.taken().toString();
  };
  const back = (text: string, memory = remembered): Held => {
    const decoded = memory.decode(JSON.parse(text));
    if (!isRight(decoded)) throw new Error('does not decode');
    return decoded.right;
  };
  const opened = (...rows: (WindowRow | null)[]): Held => {
    const held = new RuleWindows();
    const all = emptyRows(rows.length);
    rows.forEach((row, position) => {
      if (row !== null) putRow(all, position, row);
    });
    held.windows.push(new OpenWindow(60_000, all, null));
    return { byRule: [held], retired: new Map() };
  };
  const windowsIn = (held: Held): readonly OpenWindow[] => held.byRule[0]?.windows ?? [];

  it('are written by start and metric name, those without a row left out', () => {
    expect(textOf(opened(null, filled([1, 2.5])))).toBe(
      `{"${plainWindow}":["t10",[{"startMs":60000,"rows":{"humidity":[2,3.5,1,2.5,1.125,0,1,1,2.5,0]}}]]}`,
    );
    expect(textOf(back('{}'))).toBe('');
  });

  it('go on after they were written and read, to the last bit', () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.array(value), (before, after) => {
        const rows = windowsIn(back(textOf(opened(filled(before), null))))[0]?.rows.slice() ?? [];
        after.forEach((one, i) => {
          addTo(rows, 0, one, before.length + i);
        });
        expect(JSON.stringify(rowAt(rows, 0))).toBe(JSON.stringify(filled([...before, ...after])));
      }),
      { seed: 1 },
    );
  });

  it.each([
    ['a row that is too short', '{"window":["t10",[{"startMs":0,"rows":{"temperature":[1,1,1,1,0,0,1,0,1]}}]]}'],
    ['what is no number', '{"window":["t10",[{"startMs":0,"rows":{"temperature":[1,1,1,1,0,0,1,0,null,0]}}]]}'],
    ['another layout', '{"temperature":[]}'],
  ])('do not decode from %s', (_what, text) => {
    expect(isRight(remembered.decode(JSON.parse(text)))).toBe(false);
  });

  it('of a rule that is gone, or has another shape, are kept as they were', () => {
    const text = textOf(opened(null, filled([1, 2])));
    const { windows, ...others } = rulesOf(metrics);
    for (const changed of [[], windows.map((rule) => ({ ...rule, shape: 't20' }))]) {
      const memory = windowMemory({ ...others, windows: changed });
      const held = back(text, memory);
      expect([...held.retired]).toMatchObject([[plainWindow, { shape: 't10' }]]);
      expect(JSON.parse(textOf(held, memory))).toEqual(JSON.parse(text));
    }
  });
});
