import fc from 'fast-check';
import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { marbles, obeysStreamLaws, type Operator, rawRecords } from '../../../../../marbles/kit/index.js';
import { ruled } from '../../../../../marbles/reference/rules.js';
import type { Outcome } from '../../../../../streams/model/chunk.js';
import type { RawRecord } from '../../../../../streams/model/raw-record.js';
import type { Telemetry } from '../../../../../streams/model/telemetry.js';
import { devicePipeline } from '../../../../../streams/pipeline.js';
import { obeysConditionLaws } from '../condition-laws.js';
import { outside } from './outside.js';

const ruledBy = (band: string, more = '') =>
  ruled(`alerts: [{ id: band, on: temperature, outside: { ${band} } }]\n${more}`, { conditions: [outside] });
const bands = fc
  .tuple(fc.integer({ min: -20, max: 40 }), fc.integer({ min: 10, max: 60 }), fc.integer({ min: 1, max: 5 }))
  .map(([low, wide, hysteresis]) => ({ outside: { low, high: low + wide, hysteresis } }));

describe('outside', () => {
  const rules = ruledBy('low: 10, high: 30, hysteresis: 2');
  const pipeline: Operator<RawRecord, Telemetry> = (settings, state) => devicePipeline(settings, state);

  obeysConditionLaws(outside, bands);
  obeysStreamLaws(pipeline, { settings: { rules }, after: rawRecords, runs: 30 });

  marbles(
    'is raised beyond either end, and cleared well inside of both',
    { rules },
    ({ cold, rawChunk, settings, state, expectObservable }) => {
      const at = (temperature: number) => rawChunk({ readings: { temperature } });
      const [a, b, c, d, e, f, g] = [at(30), at(31), at(33), at(29), at(28), at(9), at(12)];
      const source = cold(' -a-b-c-d-e-f-g-|', { a, b, c, d, e, f, g });
      const result = '      -.-R-.-.-C-L-E-|';

      const told = ({ alerts }: Outcome) => alerts.map(({ state: is, message, peakValue }) => [is, message, peakValue]);
      expectObservable(source.pipe(devicePipeline(settings, state), map(told))).toBe(result, {
        '.': [],
        R: [['active', 'temperature 31 °C is outside 10 °C to 30 °C', 31]],
        C: [['cleared', 'temperature 31 °C is outside 10 °C to 30 °C', 33]],
        L: [['active', 'temperature 9 °C is outside 10 °C to 30 °C', 9]],
        E: [['cleared', 'temperature 9 °C is outside 10 °C to 30 °C', 9]],
      });
    },
  );

  it('says what is wrong, and where', () => {
    expect(() => ruledBy('low: 30, high: 10, hysteresis: 2')).toThrow(
      /:7:55: alerts\[0\]\.outside\.low: it must be less than high; found 30$/,
    );
    const group = 'devices: [{ id: g, override: { band: { raise: 5 } } }]';
    expect(() => ruledBy('low: 10, high: 30, hysteresis: 2', group)).toThrow(
      /override\.band: band is about a band: it has no level to change; it can be switched off$/,
    );
  });
});
