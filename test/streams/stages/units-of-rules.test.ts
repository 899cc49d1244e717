import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { rulesFromTexts } from '../../../src/rules/load.js';
import { type PipelineSettings, settingsUnder } from '../../../streams/rules/settings.js';
import { PartitionState } from '../../../streams/state/partition-state.js';
import { parse } from '../../../streams/stages/parse.js';
import { transform } from '../../../streams/stages/transform.js';
import { validate } from '../../../streams/stages/validate.js';
import { recordOf, settings as door } from '../fixtures.js';

const under = (yaml: string): PipelineSettings => {
  const loaded = rulesFromTexts([{ name: 'r.yaml', text: `version: 1\n${yaml}` }]);
  if (isLeft(loaded)) throw new Error(JSON.stringify(loaded.left));
  return settingsUnder(loaded.right.rules, door);
};

const atMs = 1_754_100_930_123;
const nested = (value: number, unit: string | null, device = 'cold-1'): string =>
  JSON.stringify({
    device_id: device,
    timestamp: atMs,
    sensors: { temperature: { value, status: 'normal', ...(unit !== null && { unit }) } },
  });
const flat = JSON.stringify({ device_id: 'd', timestamp: new Date(atMs).toISOString(), temperature: 20 });

/** What the first three stages make of values, one after the other: the reading, or why it is turned away. */
const made = (settings: PipelineSettings, ...values: readonly string[]): readonly unknown[] => {
  const state = PartitionState.empty({ topic: 't', partition: 0 });
  const stages = [parse(settings, state), validate(settings), transform(settings)] as const;
  return values.map((value, offset) => {
    const origin = recordOf(value, offset);
    const parsed = stages[0](origin, origin);
    const valid = isRight(parsed) ? stages[1](parsed.right, origin) : parsed;
    const done = isRight(valid) ? stages[2](valid.right, origin) : valid;
    return isRight(done) ? done.right.readings[0] : done.left;
  });
};

describe('units by the rules', () => {
  test('accepted ones are converted, wherever the unit stands first', () => {
    const settings = under('metrics: {temperature: {unit: K, range: [200, 400]}}');
    expect(made(settings, nested(25, '°C'), nested(77, '°F'), nested(298.15, 'K'))).toEqual([298.15, 298.15, 298.15]);
  });

  test('one that is not accepted is turned away, or taken for the canonical one', () => {
    const strict = under('metrics: {temperature: {unit: °C, range: [-50, 150], accepts: [K]}}');
    expect(made(strict, nested(77, '°F'))).toMatchObject([{ _tag: 'unknown_unit', path: 'temperature' }]);
    const lenient = under('metrics: {temperature: {unit: °C, range: [-50, 150], unknown_unit: assume}}');
    expect(made(lenient, nested(7, 'bananas'))).toEqual([7]);
  });

  test('one that is not stated is assumed, or turned away, also once the layout is known', () => {
    const lenient = under('metrics: {temperature: {unit: °C, range: [-50, 150]}}');
    expect(made(lenient, nested(7, null), flat)).toEqual([7, 20]);
    const strict = under('metrics: {temperature: {unit: °C, range: [-50, 150], missing_unit: reject}}');
    const missing = { _tag: 'unknown_unit', message: expect.stringContaining('not stated') as unknown };
    expect(made(strict, nested(7, null), nested(8, null), flat, flat, nested(9, '°C'))).toMatchObject([missing, missing, missing, missing, 9]); // prettier-ignore
  });

  test('the physical range is that of the canonical unit, before calibration', () => {
    const settings = under(
      'metrics: {temperature: {unit: °C, range: [-50, 150]}}\n' +
        'devices: [{id: cold, match: {id: "cold-*"}, calibrate: {temperature: {offset: -0.5, scale: 2}}}]',
    );
    expect(made(settings, nested(10, '°C'), nested(50, '°F'), nested(10, '°C', 'warm-1'))).toEqual([19.5, 19.5, 10]);
    expect(made(settings, nested(151, '°C'))).toMatchObject([{ _tag: 'out_of_range' }]);
  });
});
