import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cusum } from '../../../streams/detectors/cusum.js';
import { everyMinute, values, verdictsOf } from './stepping.js';

const [slack, limit, warmUp] = [0.5, 6, 10];
const tuned = cusum.tuned({ slack, limit, warmUp });

/** Page's definition: the highest sum of a stretch that ends here, over all places where it may begin. */
const highest = (steps: readonly number[]): number =>
  Math.max(0, ...steps.map((_, from) => steps.slice(from).reduce((sum, step) => sum + step, 0)));

const expectedScores = (series: readonly number[]): number[] => {
  const scores: number[] = [];
  for (let start = 0; start < series.length;) {
    const learned = series.slice(start, start + warmUp);
    scores.push(...learned.map(() => 0));
    const mean = learned.reduce((sum, value) => sum + value, 0) / learned.length;
    const squares = learned.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const deviation = Math.max(Math.sqrt(squares / (learned.length - 1)), Math.abs(mean) * 1e-9 + 1e-150);
    let at = start + warmUp;
    for (let sum = 0; at < series.length && sum < limit; at += 1) {
      const z = series.slice(start + warmUp, at + 1).map((value) => (value - mean) / deviation);
      sum = Math.max(highest(z.map((each) => each - slack)), highest(z.map((each) => -each - slack)));
      scores.push(sum / limit / (1 + sum / limit));
    }
    start = at;
  }
  return scores;
};

describe('cusum', () => {
  it('is the highest sum of any stretch that ends at the reading, and begins anew behind a finding', () => {
    fc.assert(
      fc.property(values(20, 60), (series) => {
        const learned = series.slice(0, warmUp);
        fc.pre(Math.max(...learned) - Math.min(...learned) > 1);
        const scores = verdictsOf(tuned, everyMinute(series)).map(({ score }) => score);
        const expected = expectedScores(series);
        // Behind the first finding a level may be learned from equal values, whose rounding decides: compared up to there.
        const firstFinding = expected.findIndex((score) => score >= 0.5);
        const compared = firstFinding < 0 ? series.length : firstFinding + 1 + warmUp;
        scores.slice(0, compared).forEach((score, i) => expect(score).toBeCloseTo(expected[i] ?? NaN, 6));
      }),
    );
  });

  it('gives the band beyond which the next reading is a finding', () => {
    const noise = Array.from({ length: 40 }, (_, i) => 10 + ((i * 7) % 5));
    const band = verdictsOf(tuned, everyMinute([...noise, 12])).at(-1);
    const scoreAt = (value: number): number => verdictsOf(tuned, everyMinute([...noise, value])).at(-1)?.score ?? NaN;
    expect(scoreAt((band?.high ?? NaN) + 0.001)).toBeGreaterThan(0.5);
    expect(scoreAt((band?.high ?? NaN) - 0.001)).toBeLessThan(0.5);
    expect(scoreAt((band?.low ?? NaN) - 0.001)).toBeGreaterThan(0.5);
    expect(scoreAt((band?.low ?? NaN) + 0.001)).toBeLessThan(0.5);
  });

  it('sums up a shift that no single reading shows', () => {
    const noise = Array.from({ length: 300 }, (_, i) => ((i * 7) % 5) - 2);
    const shifted = noise.map((value) => value + 1.5);
    const verdicts = verdictsOf(cusum.tuned(cusum.settings.standard), everyMinute([...noise, ...shifted]));
    const found = verdicts.findIndex(({ score }) => score >= 0.5);
    expect(found).toBeGreaterThan(300);
    expect(found).toBeLessThan(340);
  });
});
