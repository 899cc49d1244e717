import fc from 'fast-check';
import { freshVerdict, type Tuned, type Verdict } from '../../../streams/detectors/detector.js';

export interface Reading {
  readonly value: number;
  readonly atMs: number;
}

/** Readings a minute apart. */
export const everyMinute = (values: readonly number[]): readonly Reading[] =>
  values.map((value, i) => ({ value, atMs: i * 60_000 }));

/** What a detector says of each reading; goes on with `state` when one is given. */
export const verdictsOf = <S extends object>(
  tuned: Tuned<S>,
  readings: readonly Reading[],
  state: S = tuned.create(),
): readonly Readonly<Verdict>[] =>
  readings.map(({ value, atMs }) => {
    const verdict = freshVerdict();
    tuned.step(state, value, atMs, verdict);
    return verdict;
  });

/** Values of a usual size with ties, so that medians and runs have something to do. */
export const values = (minLength: number, maxLength = 200): fc.Arbitrary<number[]> =>
  fc.array(
    fc.oneof(
      fc.integer({ min: -5, max: 5 }),
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.constantFrom(0, 1e6, -1e6),
    ),
    { minLength, maxLength },
  );

/** Any finite values at any times, forwards and back. */
export const anyReadings: fc.Arbitrary<Reading[]> = fc
  .tuple(
    fc.array(
      fc.record({
        value: fc.oneof(
          fc.integer({ min: -3, max: 3 }),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.constantFrom(Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 0, 1e-300),
        ),
        stepMs: fc.oneof(fc.constant(60_000), fc.integer({ min: -1_000, max: 100_000_000 })),
      }),
      { maxLength: 150 },
    ),
    fc.integer({ min: -1_000_000, max: 1_800_000_000_000 }),
  )
  .map(([steps, startMs]) => {
    let atMs = startMs;
    return steps.map(({ value, stepMs }) => ({ value, atMs: (atMs += stepMs) }));
  });
