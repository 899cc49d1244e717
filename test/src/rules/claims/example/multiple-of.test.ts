import fc from 'fast-check';
import { map } from 'rxjs';
import { describe } from 'vitest';
import { marbles } from '../../../../../marbles/kit/index.js';
import { ruled } from '../../../../../marbles/reference/rules.js';
import type { Outcome } from '../../../../../streams/model/chunk.js';
import { devicePipeline } from '../../../../../streams/pipeline.js';
import { obeysClaimLaws } from '../claim-laws.js';
import { multipleOf } from './multiple-of.js';

const halves = 'validate: [{ id: halves, metric: temperature, multiple_of: 0.5, then: clamp }]';
const units = fc.constantFrom(0.1, 0.25, 0.5, 1, 7).map((unit) => ({ metric: 'temperature', multiple_of: unit }));

describe('multiple_of', () => {
  obeysClaimLaws(multipleOf, units);

  marbles(
    'clamps to the nearest multiple, and flags that',
    { rules: ruled(halves, { claims: [multipleOf] }) },
    ({ cold, rawChunk, settings, state, expectObservable }) => {
      const at = (temperature: number) => rawChunk({ readings: { temperature } });
      const source = cold(' -a-b-c-|', { a: at(20.5), b: at(20.4), c: at(-0.3) });
      const result = '      -a-B-C-|';

      const seen = ({ records }: Outcome) => records.map(({ value }) => [value.readings[0], value.flags?.[0]?.rule]);
      expectObservable(source.pipe(devicePipeline(settings, state), map(seen))).toBe(result, {
        a: [[20.5, undefined]],
        B: [[20.5, 'halves']],
        C: [[-0.5, 'halves']],
      });
    },
  );
});
