import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';
import type { Detector } from '../../../streams/detectors/detector.js';
import { restoreState, StoredState, storeState } from '../../../streams/detectors/stored-state.js';
import { anyReadings, everyMinute, verdictsOf } from './stepping.js';

const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e4, max: 1e4, noNaN: true }));
const longSeries = fc
  .tuple(fc.array(number, { minLength: 1, maxLength: 40 }), fc.integer({ min: 5, max: 12 }))
  .map(([some, times]) => everyMinute(Array.from({ length: times }, () => some).flat()));

/** What holds for every detector: one call in its test. */
export const obeysDetectorLaws = (detector: Detector): void => {
  const { name } = detector;
  const tuned = detector.tuned(detector.settings.standard);

  it('gives scores from 0 to 1 and a band without NaN in it, or none, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(anyReadings, longSeries), (readings) => {
        for (const { score, low, high, isWarm } of verdictsOf(tuned, readings)) {
          expect(score >= 0 && score <= 1).toBe(true);
          expect(Number.isNaN(low)).toBe(Number.isNaN(high));
          if (!Number.isNaN(low)) expect(low).toBeLessThanOrEqual(high);
          if (!isWarm) expect(score).toBe(0);
        }
      }),
    );
  });

  it('goes on from what was stored as if it had never stopped', () => {
    fc.assert(
      fc.property(fc.oneof(anyReadings, longSeries), fc.nat(), (readings, anywhere) => {
        const cut = anywhere % (readings.length + 1);
        const state = tuned.create();
        verdictsOf(tuned, readings.slice(0, cut), state);
        const kept = StoredState.decode(JSON.parse(JSON.stringify(storeState(state))));
        if (!isRight(kept)) throw new Error('what was stored does not read back');
        const restored = restoreState(tuned, kept.right);
        if (restored === null) throw new Error('what was stored has another shape');
        const rest = readings.slice(cut);
        expect(verdictsOf(tuned, rest, restored)).toEqual(verdictsOf(tuned, rest, state));
        expect(JSON.stringify(storeState(restored))).toBe(JSON.stringify(storeState(state)));
      }),
    );
  });

  it('finds nothing in a series that is constant', () => {
    for (const value of [0, 20.1, -1e-9, 1e12]) {
      const verdicts = verdictsOf(tuned, everyMinute(Array.from({ length: 2_000 }, () => value)));
      // Of lags, a constant that large is a fault.
      if (name !== 'clock-skew') expect(Math.max(...verdicts.map(({ score }) => score))).toBeLessThan(0.5);
    }
  });

  it('keeps nothing of one series in another', () => {
    const readings = everyMinute([1, 5, 2, 80, 3].flatMap((value) => [value, value + 1]));
    const alone = verdictsOf(tuned, readings);
    const other = tuned.create();
    verdictsOf(tuned, everyMinute([1e6, -1e6]), other);
    expect(verdictsOf(tuned, readings)).toEqual(alone);
  });

  it('starts afresh from a state of another shape', () => {
    expect(restoreState(tuned, {})).toBeNull();
    expect(restoreState(tuned, { ...storeState(tuned.create()), other: 1 })).toBeNull();
    const [first] = Object.keys(tuned.create());
    expect(restoreState(tuned, { ...storeState(tuned.create()), [first ?? '']: [1, 2] })).toBeNull();
  });

  it('has settings that say what is wrong with them', () => {
    const { settings } = detector;
    expect(settings.decode({})).toEqual({ _tag: 'Right', right: settings.standard });
    expect(settings.decode({ nonsense: 1 })).toMatchObject({
      left: [{ message: `${name} has no setting "nonsense"; it has ${Object.keys(settings.fields).join(', ')}` }],
    });
    for (const [field, { min, max, standard }] of Object.entries(settings.fields)) {
      expect(standard >= min && standard <= max).toBe(true);
      for (const wrong of [min - 1, max * 2 + 1, NaN, '1', null])
        expect(settings.decode({ [field]: wrong })._tag).toBe('Left');
    }
  });
};
