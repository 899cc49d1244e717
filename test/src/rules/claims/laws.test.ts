import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claims } from '../../../../src/rules/claims/registry.js';
import { obeysClaimLaws, type Setting } from './claim-laws.js';

const metric = fc.constantFrom('temperature', 'humidity', 'battery');
const level = fc.integer({ min: -20, max: 120 });

/** For each kind, settings as a sensible person makes them. */
const settings: Readonly<Record<string, fc.Arbitrary<Setting>>> = {
  required: fc.uniqueArray(metric, { minLength: 1 }).map((required) => ({ required })),
  range: fc
    .tuple(metric, level, fc.integer({ min: 1, max: 50 }))
    .map(([of, min, wide]) => ({ metric: of, range: [min, min + wide] })),
  max_step_per_second: fc
    .tuple(metric, fc.constantFrom(0.5, 1, 4, 20))
    .map(([of, most]) => ({ metric: of, max_step_per_second: most })),
  one_of: fc
    .uniqueArray(fc.constantFrom('pump', 'fan', 'SN12'), { minLength: 1 })
    .map((known) => ({ field: 'type', one_of: known })),
  pattern: fc.constantFrom('p.*', 'SN[0-9]+', '').map((text) => ({ field: 'type', pattern: `${text}|fan` })),
  expect: fc
    .tuple(metric, level, metric)
    .map(([one, than, other]) => ({ expect: `${one} < ${than} || ${other} >= 20` })),
};

it('names every kind once', () => {
  expect(new Set(claims.map(({ name }) => name)).size).toBe(claims.length);
  expect(Object.keys(settings)).toEqual(claims.map(({ name }) => name));
});

describe.each(claims.map((claim) => [claim.name, claim] as const))('%s', (name, claim) => {
  obeysClaimLaws(claim, settings[name] ?? fc.constant({}));
});
