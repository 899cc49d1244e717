import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { watermark } from '../streams/operators/watermark.js';
import { all, anyTelemetry, late, logs, marbles, nothing, obeysStreamLaws, testSettings } from './kit/index.js';
import { inAndOut } from './reference/in-and-out.js';
import { clocksOf } from './reference/clocks.js';

const tenMs = { window: { sizeMs: 10, allowedLatenessMs: 0 } };
/** Windows of 10 s, so that log time ticks every second; lateness 4 s. */
const seconds = { window: { sizeMs: 10_000, allowedLatenessMs: 4_000 } };

describe('watermark', () => {
  obeysStreamLaws(watermark, { after: anyTelemetry });

  marbles(
    'turns away what is late',
    tenMs,
    ({ cold, chunk, settings, state, expectObservable, expectSubscriptions }) => {
      const [a, b, c, d] = [chunk(1), chunk(4), chunk(12), chunk(3)];
      const source = cold(' -a-b--c-d-|', { a, b, c, d });
      const subs = '        ^---------!';
      const result = '      -a-b--c-L-|';

      expectObservable(source.pipe(watermark(settings, state))).toBe(result, { a, b, c, L: all(chunk(), late(9)) });
      expectSubscriptions(source.subscriptions).toBe(subs);
    },
  );

  marbles(
    'admits what is behind as long as its window is within its lateness',
    seconds,
    ({ cold, chunk, settings, state, expectObservable }) => {
      const source = cold(' -a-b-a-c-a-|', { a: chunk(9_999), b: chunk(13_999), c: chunk(14_000) });
      const result = '      -.-.-.-.-L-|';

      expectObservable(source.pipe(watermark(settings, state))).toBe(result, { '.': nothing, L: late(4_001) });
    },
  );

  marbles(
    'lets one device be late and leaves the others in time',
    tenMs,
    ({ cold, chunk, settings, state, expectObservable }) => {
      const source = cold(' -a-b-|', {
        a: chunk({ device: 'fast', atMs: 100 }),
        b: chunk({ device: 'slow', atMs: 1 }),
      });
      const result = '      -.-.-|';

      expectObservable(source.pipe(watermark(settings, state))).toBe(result, { '.': nothing });
    },
  );

  marbles(
    'stamps the watermark before and after each record',
    tenMs,
    ({ cold, chunk, settings, state, expectObservable, flush }) => {
      const a = chunk(5, 7, 6);
      expectObservable(cold('-a-|', { a }).pipe(watermark(settings, state))).toBe('-a-|', { a });
      flush();
      const stamps = a.records.map(({ value }) => [value.watermarkBeforeMs, value.watermarkMs]);
      expect(stamps).toEqual([
        [-Infinity, 5],
        [5, 7],
        [7, 7],
      ]);
    },
  );

  /** The clocks that a chunk moves. */
  const advances = (
    what: string,
    chunks: readonly (readonly [device: string, atMs: number, timestampMs?: number][])[],
    expected: readonly unknown[][],
  ) => {
    marbles(what, seconds, ({ cold, chunk, settings, state, flush }) => {
      const came: unknown[][] = [];
      const letters = Object.fromEntries(
        chunks.map((records, i) => [
          'abcdef'[i] ?? '',
          chunk(...records.map(([device, atMs, timestampMs = atMs]) => ({ device, atMs, timestampMs }))),
        ]),
      );
      cold(Object.keys(letters).join(''), letters)
        .pipe(watermark(settings, state))
        .forEach((out) => {
          came.push(out.advances.map(({ device, watermarkMs, before }) => [device.id, watermarkMs, before]));
        })
        .catch(() => undefined);
      flush();
      expect(came).toEqual(expected);
    });
  };

  advances(
    'moves the clock of a quiet device to where its newest window closes',
    [[['quiet', 5_000]], [['loud', 13_999]], [['loud', 14_000]]],
    [[], [], [['quiet', 14_000, 2]]],
  );
  advances(
    'moves it once',
    [[['quiet', 5_000]], [['loud', 14_000]], [['loud', 15_000]]],
    [[], [['quiet', 14_000, 1]], []],
  );
  advances(
    'moves several in order of their ids',
    [
      [
        ['q2', 1],
        ['q3', 2],
        ['q1', 3],
      ],
      [['loud', 14_000]],
    ],
    [
      [],
      [
        ['q1', 14_000, 3],
        ['q2', 14_000, 3],
        ['q3', 14_000, 3],
      ],
    ],
  );
  advances(
    'does not move the clock of a device heard of within the lateness',
    [[['behind', 5_000, 5_000]], [['behind', 5_001, 10_500]], [['loud', 14_000]], [['loud', 15_000]]],
    [[], [], [], [['behind', 14_000, 3]]],
  );
  advances(
    'is not moved by one record far ahead in log time',
    [[['quiet', 5_000]], [['loud', 100_000, 100_000]], [['loud', 6_000]]],
    [[], [], []],
  );

  marbles(
    'judges what comes after a clock has moved by that clock',
    seconds,
    ({ cold, chunk, settings, state, expectObservable }) => {
      const source = cold(' -a-b-c-|', {
        a: chunk({ device: 'quiet', atMs: 5_000 }),
        b: chunk({ device: 'loud', atMs: 14_000 }),
        c: chunk({ device: 'quiet', atMs: 6_000, timestampMs: 14_001 }),
      });
      const result = '      -.-.-L-|';

      expectObservable(source.pipe(watermark(settings, state))).toBe(result, { '.': nothing, L: late(8_000) });
    },
  );

  marbles(
    'touches nothing for a late record: not the log time either',
    tenMs,
    ({ cold, chunk, settings, state, expectObservable, flush }) => {
      const source = cold(' -a-b-|', {
        a: chunk({ atMs: 100, timestampMs: 100 }),
        b: chunk({ atMs: 1, timestampMs: 5_000 }),
      });
      expectObservable(source.pipe(watermark(settings, state))).toBe('-.-L-|', { '.': nothing, L: late(99) });
      flush();
      expect(JSON.parse(state.snapshot().partition)).toMatchObject({ logTime: { timeMs: 100 } });
    },
  );

  it('admits, turns away and moves on exactly what its definition does', () => {
    const settings = testSettings();
    fc.assert(
      fc.property(logs(settings), (log) => {
        const { given, came } = inAndOut(watermark, anyTelemetry, log, settings);
        const lateOnes = came
          .flatMap(({ rejected }) => rejected)
          .flatMap(({ rejection, origin }) => (rejection._tag === 'late' ? [[origin.offset, rejection.lateByMs]] : []));
        const moved = came
          .flatMap((chunk) => chunk.advances)
          .map(({ device, watermarkMs, before }) => [device.id, watermarkMs, before]);
        const expected = clocksOf(given, settings);
        expect(lateOnes).toEqual(expected.late);
        expect(moved).toEqual(expected.moved);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
