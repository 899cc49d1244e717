import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditions } from '../../../../src/rules/conditions/registry.js';
import { obeysConditionLaws, type Setting } from './condition-laws.js';

const level = fc.integer({ min: -40, max: 140 });
const apart = fc.constantFrom(0, 0.5, 3);
const optional = (key: string, value: unknown, isThere: boolean): Setting => (isThere ? { [key]: value } : {});

/** For each kind, settings as a sensible person makes them. */
const settings: Readonly<Record<string, fc.Arbitrary<Setting>>> = {
  above: fc.tuple(level, apart, fc.boolean()).map(([raise, by, isThere]) => ({
    above: { raise, ...optional('clear', raise - by, isThere) },
  })),
  below: fc.tuple(level, apart, fc.boolean()).map(([raise, by, isThere]) => ({
    below: { raise, ...optional('clear', raise + by, isThere) },
  })),
  when: fc.tuple(level, apart, fc.boolean()).map(([raise, by, isThere]) => ({
    when: `temperature > ${raise}`,
    ...optional('until', `temperature <= ${raise - by}`, isThere),
  })),
};

it('names every kind once, and no key twice', () => {
  const keys = conditions.flatMap(({ keys: own }) => Object.keys(own));
  expect(new Set(keys).size).toBe(keys.length);
  expect(Object.keys(settings)).toEqual(conditions.map(({ name }) => name));
});

describe.each(conditions.map((condition) => [condition.name, condition] as const))('%s', (name, condition) => {
  obeysConditionLaws(condition, settings[name] ?? fc.constant({}));
});
