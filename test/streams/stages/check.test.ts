import fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { testSettings } from '../../../marbles/kit/settings.js';
import { ruled } from '../../../marbles/reference/rules.js';
import type { Profile } from '../../../streams/model/device.js';
import { isCounted, Telemetry } from '../../../streams/model/telemetry.js';
import { RuleError } from '../../../streams/rules/rule-error.js';
import { check } from '../../../streams/stages/check.js';
import { unknownProfile } from '../../../streams/state/latest-memory.js';
import { PartitionState } from '../../../streams/state/partition-state.js';
import { recordOf } from '../fixtures.js';

const origin = recordOf('', 0);
const [temperature, humidity, battery] = [0, 1, 2];

interface Said {
  readonly atMs?: number;
  readonly temperature?: number;
  readonly humidity?: number;
  readonly battery?: number;
  readonly profile?: Partial<Profile>;
  readonly device?: string;
}

/** A stage with these checks, and a state of its own; the records that it is given come one after the other. */
const checking = (...checks: readonly string[]) => {
  const rules = ruled(`validate:\n${checks.map((one) => `  - ${one}\n`).join('')}`);
  const state = PartitionState.empty({ topic: 't', partition: 0 });
  const stage = check(testSettings({ rules }), state);
  return (said: Said) => {
    const readings = [said.temperature ?? NaN, said.humidity ?? NaN, said.battery ?? NaN];
    const profile = { ...unknownProfile, ...said.profile };
    const device = state.device(said.device ?? 'd1');
    const given = new Telemetry(device, said.atMs ?? 0, readings, null, 'good', profile, 'm', 'flat');
    const found = stage(given, origin);
    if (isLeft(found)) return { rejection: found.left };
    const { readings: left, flags } = found.right;
    const counted = [temperature, humidity, battery].map((metric) => isCounted(found.right, metric));
    return { readings: left, flags: flags?.map(({ rule, metric }) => [rule, metric]) ?? null, counted, isSame: found.right === given }; // prettier-ignore
  };
};
const invalid = (rule: string, path: string, message: string) => ({
  rejection: { _tag: 'invalid', rule, path, message },
});
const asItIs = { flags: null, isSame: true };

describe('a range', () => {
  const at = '{ id: r, metric: temperature, range: [0, 50]';

  test('holds its limits, and says nothing of a reading that is not there', () => {
    const checked = checking(`${at}, then: reject }`);
    for (const value of [0, 50, 25, NaN]) expect(checked({ temperature: value })).toMatchObject(asItIs);
    expect(checked({ temperature: 50.5 })).toEqual(
      invalid('r', 'temperature', 'r: temperature 50.5 is outside 0 to 50'),
    );
  });

  test('flags, and takes out of statistics when it is told to', () => {
    const flags = [['r', temperature]];
    expect(checking(`${at}, then: flag }`)({ temperature: -1 })).toMatchObject({ readings: [-1, NaN, NaN], flags, counted: [true, true, true] }); // prettier-ignore
    expect(checking(`${at}, then: flag, counted: false }`)({ temperature: -1 })).toMatchObject({ flags, counted: [false, true, true] }); // prettier-ignore
  });

  test('clamps to the nearest limit, in a telemetry of its own', () => {
    const checked = checking(`${at}, then: clamp }`);
    expect(checked({ temperature: -7, humidity: 3 })).toMatchObject({ readings: [0, 3, NaN], flags: [['r', temperature]], isSame: false }); // prettier-ignore
    expect(checked({ temperature: 60 })).toMatchObject({ readings: [50, NaN, NaN] });
  });
});

describe('a step', () => {
  const at = '{ id: s, metric: temperature, max_step_per_second: 2';

  test('is from the newest reading accepted, in event time, whatever came between', () => {
    const checked = checking(`${at}, then: reject }`);
    expect(checked({ atMs: 0, temperature: 20 })).toMatchObject(asItIs);
    expect(checked({ atMs: 1_000, temperature: 22 })).toMatchObject(asItIs);
    const message = 's: temperature went from 22 to 25 within 1 s; at most 2 a second are possible';
    expect(checked({ atMs: 2_000, temperature: 25 })).toEqual(invalid('s', 'temperature', message));
    expect(checked({ atMs: 3_000, humidity: 1 })).toMatchObject(asItIs);
    expect(checked({ atMs: 3_500, temperature: 27 })).toMatchObject(asItIs);
  });

  test('is none where a reading is not newer, or is of another device', () => {
    const checked = checking(`${at}, then: reject }`);
    for (const said of [
      { atMs: 5 },
      { atMs: 5, temperature: 90 },
      { atMs: 4, temperature: 0 },
      { atMs: 6, device: 'd2', temperature: 0 },
    ])
      expect(checked({ temperature: 20, ...said })).toMatchObject(asItIs);
  });

  test('clamps to what is possible, and goes on from there', () => {
    const checked = checking(`${at}, then: clamp }`);
    checked({ atMs: 0, temperature: 20 });
    expect(checked({ atMs: 1_000, temperature: 90 })).toMatchObject({ readings: [22, NaN, NaN] });
    expect(checked({ atMs: 2_000, temperature: 90 })).toMatchObject({ readings: [24, NaN, NaN] });
    expect(checked({ atMs: 3_000, temperature: -90 })).toMatchObject({ readings: [22, NaN, NaN] });
  });

  test('rejects just what its definition does, of any readings', () => {
    const step = fc.record({ atMs: fc.integer({ min: 0, max: 9_000 }), temperature: fc.integer({ min: 0, max: 40 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (all) => {
        const checked = checking(`${at}, then: reject }`);
        const accepted: Required<Pick<Said, 'atMs' | 'temperature'>>[] = [];
        for (const said of all) {
          const newestMs = Math.max(...accepted.map(({ atMs }) => atMs));
          const newest = accepted.filter(({ atMs }) => atMs === newestMs).at(-1);
          const isTooFar = newest !== undefined && said.atMs > newest.atMs && Math.abs(said.temperature - newest.temperature) * 1_000 > 2 * (said.atMs - newest.atMs); // prettier-ignore
          expect('rejection' in checked(said)).toBe(isTooFar);
          if (!isTooFar) accepted.push(said);
        }
      }),
    );
  });
});

describe('claims about a record', () => {
  test('required: every metric of the list, of those it is for', () => {
    const checked = checking('{ id: q, required: [temperature, battery], then: reject, match: { type: motor } }');
    expect(checked({ temperature: 1 })).toMatchObject(asItIs);
    expect(checked({ profile: { type: 'motor' }, temperature: 0, battery: 0 })).toMatchObject(asItIs);
    const message = 'q: temperature, battery must be in every record';
    expect(checked({ profile: { type: 'motor' }, humidity: 1 })).toEqual(invalid('q', '', message));
  });

  test('one_of: a field that is not known breaks nothing', () => {
    const checked = checking('{ id: o, field: type, one_of: [sensor, motor], then: reject }');
    for (const type of [null, 'sensor', 'motor']) expect(checked({ profile: { type } })).toMatchObject(asItIs);
    expect(checked({ profile: { type: 'Motor' } })).toMatchObject({ rejection: { rule: 'o', message: expect.stringContaining('Motor') as string } }); // prettier-ignore
  });

  test('pattern: the whole field', () => {
    const checked = checking("{ id: p, field: type, pattern: 'SN[0-9]+', then: flag, counted: false }");
    expect(checked({ profile: { type: 'SN12' } })).toMatchObject(asItIs);
    expect(checked({ profile: { type: 'xSN12' } })).toMatchObject({
      flags: [['p', -1]],
      counted: [false, false, false],
    });
  });

  test('expect: of several metrics the newest, asked when one of them is new', () => {
    const checked = checking("{ id: e, expect: 'temperature < 30 || humidity < 50', then: reject }");
    expect(checked({ atMs: 1, temperature: 40 })).toMatchObject(asItIs);
    expect(checked({ atMs: 2, humidity: 60 })).toEqual(invalid('e', '', 'e: temperature < 30 || humidity < 50 does not hold')); // prettier-ignore
    expect(checked({ atMs: 3, battery: 1 })).toMatchObject(asItIs);
    expect(checked({ atMs: 4, temperature: 20 })).toMatchObject(asItIs);
    expect(checked({ atMs: 5, humidity: 60 })).toMatchObject(asItIs);
  });

  test('expect: one without an answer is a fault of the rule, and nothing is remembered of its record', () => {
    const checked = checking(
      '{ id: s, metric: humidity, max_step_per_second: 1, then: reject }',
      "{ id: e, expect: 'humidity / battery < 10.0', then: reject }",
    );
    checked({ atMs: 0, humidity: 10, battery: 5 });
    expect(() => checked({ atMs: 1_000, humidity: 11, battery: 0 })).toThrow(RuleError);
    expect(checked({ atMs: 1_500, humidity: 12.5, battery: 5 })).toMatchObject({ rejection: { rule: 's' } });
  });
});

test('checks come in the order of the file, each to what those before it left', () => {
  const checked = checking(
    '{ id: a, metric: temperature, range: [0, 50], then: clamp }',
    '{ id: b, metric: temperature, range: [0, 40], then: flag }',
    '{ id: c, metric: humidity, range: [0, 50], then: clamp }',
    "{ id: d, expect: 'temperature + humidity < 99.0', then: reject }",
  );
  expect(checked({ temperature: 60, humidity: 10 })).toMatchObject({ readings: [50, 10, NaN], flags: [['a', 0], ['b', 0]] }); // prettier-ignore
  expect(checked({ temperature: 60, humidity: 45 })).toMatchObject({ readings: [50, 45, NaN] });
  expect(checked({ temperature: 60, humidity: 90 })).toMatchObject({ rejection: { rule: 'd' } });
});
