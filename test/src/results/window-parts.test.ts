import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WindowResult } from '../../../streams/model/window.js';
import { plainRules, plainWindow } from '../../../streams/plain-rules.js';
import { windowResult } from '../../../streams/state/window-memory.js';
import { tumbling } from '../../../streams/windows/kinds/tumbling.js';
import { spanOf } from '../../../streams/windows/span.js';
import { addTo, emptyRows, rowAt, type WindowRow } from '../../../streams/windows/window-row.js';
import { closedPart, mergeParts, openParts } from '../../../src/results/window-parts.js';

const sizeMs = 60_000;
const rules = plainRules({
  metrics: [{ name: 'temperature', unit: '°C', min: -50, max: 150 }],
  window: { sizeMs, allowedLatenessMs: 0, metrics: null },
  alerts: [],
});
const shape = rules.windows[0]?.shape ?? '';

const resultOf = (row: WindowRow, isClosed: boolean): WindowResult =>
  windowResult({
    rule: plainWindow,
    device: 'd1',
    metric: 'temperature',
    span: spanOf(tumbling, { size: sizeMs }),
    startMs: 0,
    row,
    statistics: [],
    more: null,
    isClosed,
    isCut: false,
  });

type Reading = readonly [value: number, atMs: number];

const filled = (readings: readonly Reading[]): WindowRow => {
  const rows = emptyRows(1);
  for (const [value, atMs] of readings) addTo(rows, 0, value, atMs);
  return rowAt(rows, 0);
};

const partsOf = (readings: readonly Reading[]) =>
  readings.length === 0
    ? []
    : openParts('d1', { [plainWindow]: [shape, [{ startMs: 0, rows: { temperature: filled(readings) } }]] }, rules);

const readings = fc
  .uniqueArray(fc.tuple(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.integer({ min: 0, max: sizeMs - 1 })), {
    selector: ([, atMs]) => atMs,
    minLength: 1,
    maxLength: 30,
  })
  .map((all): readonly Reading[] => all);

describe('mergeParts', () => {
  it('gives of any parts of a window what one partition would have made of all its readings', () => {
    fc.assert(
      fc.property(readings, fc.array(fc.nat(2), { minLength: 30, maxLength: 30 }), (all, places) => {
        const parts = [0, 1, 2].flatMap((place) => partsOf(all.filter((_reading, i) => places[i] === place)));
        const [merged, ...more] = mergeParts(parts);
        const whole = resultOf(filled(all), false);
        expect(more).toEqual([]);
        const { sum, mean, variance, ...exact } = whole;
        expect(merged).toMatchObject(exact);
        expect(merged?.sum).toBeCloseTo(sum, 6);
        expect(merged?.mean).toBeCloseTo(mean, 6);
        expect(merged?.variance).toBeCloseTo(variance, 5);
      }),
    );
  });

  it('keeps windows of different metrics, starts and sizes apart', () => {
    const part = resultOf(filled([[1, 0]]), true);
    const parts = [part, { ...part, metric: 'humidity' }, { ...part, startMs: 1 }, { ...part, endMs: 1 }].map(
      closedPart,
    );
    expect(mergeParts(parts)).toEqual(parts.map(({ result }) => result));
  });

  it('takes first and last of the larger part when the times are not known any more', () => {
    const small = resultOf(filled([[1, 5]]), true);
    const large = resultOf(filled([[7, 1], [8, 2], [9, 3]]), true); // prettier-ignore
    expect(mergeParts([closedPart(small), closedPart(large)])).toMatchObject([{ first: 7, last: 9 }]);
    expect(mergeParts([closedPart(large), closedPart(small)])).toMatchObject([{ first: 7, last: 9 }]);
  });
});
