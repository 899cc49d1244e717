import fc from 'fast-check';
import { map, pipe } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Chunk } from '../streams/model/chunk.js';
import type { Telemetry } from '../streams/model/telemetry.js';
import type { WindowResult } from '../streams/model/window.js';
import { watermark } from '../streams/operators/watermark.js';
import { window } from '../streams/operators/window.js';
import {
  all,
  closed,
  corrected,
  ended,
  late,
  logs,
  marbles,
  nothing,
  obeysStreamLaws,
  type Operator,
  ownPlace,
  testSettings,
} from './kit/index.js';
import { byKey, inAndOut } from './reference/in-and-out.js';
import { windowsOf } from './reference/windows.js';

const windowed: Operator<Telemetry, Telemetry> = (settings, state) =>
  pipe(watermark(settings, state), window(settings, state));
const tenMs = { window: { sizeMs: 10, allowedLatenessMs: 0 } };
const withLateness = { window: { sizeMs: 10, allowedLatenessMs: 5 } };
const reads = (atMs: number, temperature: number, device = 'd1') => ({ atMs, device, readings: { temperature } });

describe('window', () => {
  obeysStreamLaws(window);

  marbles(
    'closes a window at its watermark; after that, records are late',
    tenMs,
    ({ cold, chunk, settings, state, expectObservable, expectSubscriptions }) => {
      const [a, b, c] = [chunk(reads(1, 20)), chunk(reads(4, 22)), chunk(reads(12, 30))];
      const source = cold(' -a-b--c-d-|', { a, b, c, d: chunk(reads(3, 40)) });
      const subs = '        ^---------!';
      const result = '      -a-b--C-L-|';

      expectObservable(source.pipe(windowed(settings, state))).toBe(result, {
        a,
        b,
        C: all(c, closed([0, 10], [20, 22], { device: 'd1', metric: 'temperature', revision: 1 })),
        L: all(chunk(), late(9)),
      });
      expectSubscriptions(source.subscriptions).toBe(subs);
    },
  );

  marbles(
    'ends a window, corrects it with each late record, closes it when its lateness is over',
    withLateness,
    ({ cold, chunk, settings, state, expectObservable }) => {
      const source = cold(' -a-b-c-d-e-|', {
        a: chunk(reads(1, 20)),
        b: chunk(reads(10, 30)),
        c: chunk(reads(9, 21)),
        d: chunk(reads(14, 31), reads(0, 19)),
        e: chunk(reads(15, 32)),
      });
      const result = '      -.-E-C-D-X-|';

      expectObservable(source.pipe(windowed(settings, state))).toBe(result, {
        '.': nothing,
        E: ended([0, 10], [20], { revision: 1 }),
        C: corrected([0, 10], [20, 21], { revision: 2 }),
        D: corrected([0, 10], [19, 20, 21], { revision: 3 }),
        X: closed([0, 10], [19, 20, 21], { revision: 3 }),
      });
    },
  );

  marbles(
    'opens a window with a late record when nothing had been in it',
    withLateness,
    ({ cold, chunk, settings, state, expectObservable }) => {
      const source = cold(' -a-b-c-|', { a: chunk(reads(11, 1)), b: chunk(reads(9, 2)), c: chunk(reads(15, 3)) });
      const result = '      -.-C-X-|';

      expectObservable(source.pipe(windowed(settings, state))).toBe(result, {
        '.': nothing,
        C: corrected([0, 10], [2], { revision: 1 }),
        X: closed([0, 10], [2], { revision: 1 }),
      });
    },
  );

  marbles(
    'holds what lies in [start, end), aligned to the epoch',
    tenMs,
    ({ cold, chunk, settings, state, expectObservable }) => {
      const source = cold(' -a-b-|', { a: chunk(reads(10, 1), reads(19, 2)), b: chunk(reads(20, 3)) });
      const result = '      -.-X-|';

      expectObservable(source.pipe(windowed(settings, state))).toBe(result, {
        '.': nothing,
        X: closed([10, 20], [1, 2]),
      });
    },
  );

  marbles(
    'takes zero as a value, and absent readings as none',
    tenMs,
    ({ cold, chunk, settings, state, expectObservable }) => {
      const a = chunk(
        { atMs: 1, readings: { temperature: 0 } },
        { atMs: 2, readings: { humidity: 50 } },
        { atMs: 3, readings: { temperature: 2 } },
      );
      const source = cold(' -a-b-|', { a, b: chunk({ atMs: 30, readings: { battery: 1 } }) });
      const result = '      -.-X-|';

      expectObservable(source.pipe(windowed(settings, state))).toBe(result, {
        '.': nothing,
        X: all(closed([0, 10], [0, 2], { metric: 'temperature' }), closed([0, 10], [50], { metric: 'humidity' })),
      });
    },
  );

  marbles(
    'of equal times the first to come is first and the last to come is last',
    tenMs,
    ({ cold, chunk, settings, state, expectObservable }) => {
      const source = cold(' -a-b-|', { a: chunk(reads(5, 1), reads(5, 9), reads(5, 3)), b: chunk(reads(10, 0)) });
      const result = '      -.-X-|';

      expectObservable(source.pipe(windowed(settings, state))).toBe(result, {
        '.': nothing,
        X: closed([0, 10], [1, 9, 3], { first: 1, last: 3 }),
      });
    },
  );

  marbles(
    'leaves out metrics that are not to be aggregated',
    { window: { sizeMs: 10, allowedLatenessMs: 0, metrics: ['humidity'] } },
    ({ cold, chunk, settings, state, expectObservable }) => {
      const source = cold(' -a-b-|', {
        a: chunk({ atMs: 1, readings: { temperature: 20, humidity: 50 } }),
        b: chunk(reads(10, 0)),
      });
      const result = '      -.-X-|';

      expectObservable(source.pipe(windowed(settings, state))).toBe(result, {
        '.': nothing,
        X: closed([0, 10], [50], { metric: 'humidity' }),
      });
    },
  );

  marbles(
    'closes several windows at once in order of their start',
    { window: { sizeMs: 10, allowedLatenessMs: 30 } },
    ({ cold, chunk, settings, state, expectObservable }) => {
      const source = cold(' -a-b-|', { a: chunk(reads(25, 3), reads(15, 2), reads(5, 1)), b: chunk(reads(90, 4)) });
      const result = '      -C-X-|';

      expectObservable(source.pipe(windowed(settings, state))).toBe(result, {
        C: all(corrected([10, 20], [2]), corrected([0, 10], [1])),
        X: all(closed([0, 10], [1]), closed([10, 20], [2]), closed([20, 30], [3])),
      });
    },
  );

  marbles(
    'closes the windows of a quiet device when its clock is moved on',
    { window: { sizeMs: 10_000, allowedLatenessMs: 4_000 } },
    ({ cold, chunk, settings, state, expectObservable }) => {
      const source = cold(' -a-b-|', { a: chunk(reads(5_000, 20, 'quiet')), b: chunk(reads(14_000, 1, 'loud')) });
      const result = '      -.-X-|';

      expectObservable(source.pipe(windowed(settings, state))).toBe(result, {
        '.': nothing,
        X: closed([0, 10_000], [20], { device: 'quiet' }),
      });
    },
  );

  marbles(
    'closes them though the record that moved the clock has left the path',
    { window: { sizeMs: 10_000, allowedLatenessMs: 4_000 } },
    ({ cold, chunk, settings, state, expectObservable }) => {
      const leave = (chunk_: Chunk<Telemetry>): Chunk<Telemetry> => ({
        ...chunk_,
        records: chunk_.records.filter(({ value }) => value.device.id !== 'loud'),
      });
      const source = cold(' -a-b-|', { a: chunk(reads(5_000, 20, 'quiet')), b: chunk(reads(14_000, 1, 'loud')) });
      const result = '      -.-X-|';

      expectObservable(source.pipe(watermark(settings, state), map(leave), window(settings, state))).toBe(result, {
        '.': nothing,
        X: closed([0, 10_000], [20], { device: 'quiet' }),
      });
    },
  );

  it('tells every window at every turn exactly as its definition does', () => {
    const settings = testSettings();
    fc.assert(
      fc.property(logs(settings), (log) => {
        const { came } = inAndOut(window, ownPlace, log, settings);
        const records = came.flatMap((chunk) => chunk.records);
        const keyOf = ({ device, metric, startMs }: Pick<WindowResult, 'device' | 'metric' | 'startMs'>) =>
          `${device} ${metric} ${startMs}`;
        const told = byKey(
          came.flatMap((chunk) => chunk.windows),
          keyOf,
        );
        const moves = came.flatMap((chunk) => chunk.advances);
        const expected = byKey(windowsOf(records, moves, settings), keyOf);
        expect([...told.keys()].sort()).toEqual([...expected.keys()].sort());
        for (const [key, versions] of expected) expectClose(told.get(key) ?? [], versions);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

const expectClose = (told: readonly WindowResult[], expected: readonly WindowResult[]): void => {
  const rounded = (window_: WindowResult) => ({
    ...window_,
    sum: about(window_.sum),
    mean: about(window_.mean),
    variance: about(window_.variance),
  });
  expect(told).toEqual(expected.map(rounded));
};

const about = (value: number): unknown => expect.closeTo(value, 6) as unknown;
