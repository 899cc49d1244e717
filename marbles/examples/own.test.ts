import { lastValueFrom, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { eachRecord } from '../../streams/operators/each-record.js';
import { devicePipeline, type OwnOperator } from '../../streams/pipeline.js';
import { Builders, testSettings } from '../kit/index.js';
import { knownDevices } from './known-devices.js';
import { spikes } from './spikes.js';

const registered = new Set(['d1']);
const steady = spikes({ metric: 'temperature', maxStep: 10 });

const own: OwnOperator = (settings, state) => (chunks$) =>
  chunks$.pipe(eachRecord(knownDevices(registered), 'knownDevices'), steady(settings, state));

describe('own operators in their place in the pipeline', () => {
  const outcomeOf = async (operators?: OwnOperator) => {
    const { settings, state, rawChunk } = new Builders(testSettings());
    const chunk = rawChunk(
      { readings: { temperature: 20 } },
      { readings: { temperature: 90 } },
      { device: 'd2', readings: { temperature: 95 } },
    );
    const outcomes$ = of(chunk).pipe(devicePipeline(settings, state, operators), toArray());
    const outcomes = await lastValueFrom(outcomes$, { defaultValue: [] });
    return {
      alerts: outcomes.flatMap(({ alerts }) => alerts.map(({ rule, device }) => `${rule} of ${device}`)),
      rejected: outcomes.flatMap(({ rejected }) => rejected.map(({ rejection }) => rejection._tag)),
    };
  };

  it('keep from the alerts what they turn away', async () => {
    expect(await outcomeOf()).toEqual({ alerts: ['hot of d1', 'hot of d2'], rejected: [] });
    expect(await outcomeOf(own)).toEqual({ alerts: [], rejected: ['bad_id', 'out_of_range'] });
  });
});
