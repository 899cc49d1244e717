import { Environment } from '@marcbachmann/cel-js';
import { isLeft } from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeviceFacts } from '../../../streams/rules/rules.js';
import { claimOf, formulaOf } from '../../../src/rules/cel/expression.js';
import { languageOf } from '../../../src/rules/cel/language.js';
import { device } from './loading.js';

const language = languageOf(
  new Map([
    ['temperature', 0],
    ['humidity', 1],
    ['power', 2],
  ]),
);
const sensor = device('cold-1', { type: 'sensor', building: 'B1', floor: 3 });

const asked = (text: string) => ({ text, rule: 'r1', tagsOf: () => ['cold', 'roof'] });

const claim = (text: string) => {
  const made = claimOf(language, asked(text));
  if (isLeft(made)) throw new Error(made.left.problem);
  return made.right;
};
const holds = (text: string, readings: readonly number[], facts: DeviceFacts = sensor): boolean =>
  claim(text).evaluate(readings, facts);

const formula = (text: string) => {
  const made = formulaOf(language, asked(text));
  if (isLeft(made)) throw new Error(made.left.problem);
  return made.right;
};

const problem = (text: string): string => {
  const made = claimOf(language, asked(text));
  return isLeft(made) ? made.left.problem : 'none';
};

describe('a claim', () => {
  test.each([
    ['temperature > 40 && (100 - humidity) / 5 > 2', [41, 80, 0], true],
    ['temperature > 40 && (100 - humidity) / 5 > 2', [41, 90, 0], false],
    ['temperature > 40.0 || humidity < 3', [40, 2, 0], true],
    ['!(temperature <= 40)', [40, 0, 0], false],
    ['-temperature >= 5', [-5, 0, 0], true],
    ['5 / 2 == 2.5', [0, 0, 0], true],
    ['temperature % 2 == 1', [7, 0, 0], true],
    ['temperature in [1, 2.5]', [2.5, 0, 0], true],
    ['temperature > 40 ? humidity > 80 : humidity > 90', [41, 85, 0], true],
    ['max(temperature, humidity) - min(temperature, 3) == 6', [1, 7, 0], true],
    ['abs(temperature) > 3 && round(humidity) == 5 && pow(power, 2) == 9', [-4, 5.2, 3], true],
    ['device.type == "sensor" && device.building != "B2"', [0, 0, 0], true],
    ['device.id.startsWith("cold-") && device.id.contains("d-") && device.id.endsWith("1")', [0, 0, 0], true],
    ['device.id.matches("^cold-[0-9]+$")', [0, 0, 0], true],
    ['device.type in ["pump", "sensor"]', [0, 0, 0], true],
    ['"roof" in device.tags && !("wet" in device.tags)', [0, 0, 0], true],
    ['device.floor >= 3', [0, 0, 0], true],
    ['device.room == ""', [0, 0, 0], true],
  ])('%s of %j is %s', (text, readings, expected) => {
    expect(holds(text, readings)).toBe(expected);
  });

  test('a number that is not known compares with nothing', () => {
    const nowhere = device('a');
    expect(holds('device.floor < 3 || device.floor >= 3', [], nowhere)).toBe(false);
  });

  test('says which metrics it reads', () => {
    expect(claim('power > 3 || temperature > power').reads).toEqual([0, 2]);
  });

  test('stops looking as soon as it knows', () => {
    expect(holds('humidity != 0 && temperature / humidity > 2', [1, 0, 0])).toBe(false);
    expect(holds('humidity == 0 || temperature / humidity > 2', [1, 0, 0])).toBe(true);
  });

  test.each([
    ['temperature / humidity > 2', 'it divides by zero'],
    ['temperature % humidity > 2', 'it divides by zero'],
    ['sqrt(humidity - 1) > 2', 'sqrt has no answer for what it was given'],
    ['ln(humidity - 1) > 2', 'ln has no answer'],
  ])('%s throws where there is no answer, and names the rule', (text, why) => {
    expect(() => holds(text, [1, 0, 0])).toThrow(`rule r1: ${why}`);
  });
});

describe('a formula', () => {
  test.each([
    ['temperature - (100 - humidity) / 5', [20, 50, 0], 10],
    ['temperature', [-0, 0, 0], 0],
    ['temperature * -1', [0, 0, 0], 0],
  ])('%s of %j is %d', (text, readings, expected) => {
    expect(Object.is(formula(text).evaluate(readings, sensor), expected)).toBe(true);
  });

  test('never gives what is no finite number', () => {
    expect(() => formula('temperature * 1e308').evaluate([1e10], sensor)).toThrow(
      'rule r1: its result is no finite number',
    );
    expect(() => formula('exp(temperature)').evaluate([1e5], sensor)).toThrow('rule r1');
    expect(() => formula('device.floor').evaluate([], device('a'))).toThrow('rule r1');
  });

  test('that is a claim is refused, and the other way round', () => {
    expect(isLeft(formulaOf(language, asked('temperature > 1')))).toBe(true);
    expect(problem('temperature + 1')).toBe('a claim that is true or false is needed, and this is a number');
  });
});

describe('refused when rules are checked', () => {
  test.each([
    ['constructor.constructor("return 1")', 'there is no function constructor here'],
    ['constructor', 'there is no metric constructor'],
    ['temperature.constructor', "Cannot index type 'number'"],
    ['device.constructor == "a"', 'a device has no constructor'],
    ['device.__proto__ == "a"', 'a device has no __proto__'],
    ['__proto__ > 1', 'Reserved identifier: __proto__'],
    ['[1, 2].all(x, x > 1)', 'there is no function all here'],
    ['[1, 2].map(x, x)[0] > 1', '[] is not available here'],
    ['has(device.id)', 'there is no function has here'],
    ['{"a": 1}.a > 1', 'map is not available here'],
    ['timestamp("2026-01-01T00:00:00Z") > timestamp("2026-01-01T00:00:00Z")', 'there is no function timestamp here'],
    ['b"abc" == b"abc"', 'only numbers, texts, true and false can be written here'],
    ['null == null', 'only numbers, texts, true and false can be written here'],
    ['1u < 2u', 'only numbers, texts, true and false can be written here'],
    ['temperature > "40"', 'no such overload: number > text'],
    ['temperature > 1e400', 'Invalid number: Infinity'],
    ['temperature / 0 > 1', 'this divides by zero'],
    ['device.tags == device.tags', 'ask whether something is in it: "cold" in device.tags'],
    ['device == device', 'no such overload: device == device'],
    ['device.id.matches(device.type)', 'a pattern must be written out'],
    ['device.id.matches("(?=a)")', 'can take for ever'],
    ['device.id.matches("(a")', 'no pattern (RE2)'],
    ['temperature = 3', 'write == to compare'],
    ['temperature > 3 and humidity > 3', 'write && for "and"'],
    ['temperature > 3 & humidity > 3', 'write && for "and"'],
    ['temperature > 3 or humidity > 3', 'write || for "or"'],
    ['temperature >', 'the expression ends too early'],
    [`${'('.repeat(900)}1${')'.repeat(900)} > 0`, 'Exceeded maxDepth'],
    [`0${' + 1'.repeat(480)} > 0`, 'Exceeded maxAstNodes'],
    [`${'!'.repeat(1_900)}true`, 'Exceeded max'],
    ['true ? '.repeat(250), 'Exceeded max'],
  ])('%s', (text, why) => {
    expect(problem(text)).toContain(why);
  });
});

describe('against the evaluator of the library', () => {
  const cel = new Environment();
  for (const name of ['temperature', 'humidity', 'power']) cel.registerVariable(name, 'double');

  const { number } = fc.letrec<{ number: string; leaf: string }>((tie) => ({
    leaf: fc.oneof(
      fc.constantFrom('temperature', 'humidity', 'power'),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => `(${value.toFixed(3)})`),
    ),
    number: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      tie('leaf'),
      fc.tuple(tie('number'), fc.constantFrom('+', '-', '*'), tie('number')).map(([a, op, b]) => `(${a} ${op} ${b})`),
      tie('number').map((a) => `(-${a})`),
    ),
  }));
  const comparison = fc
    .tuple(number, fc.constantFrom('<', '<=', '>', '>=', '==', '!='), number)
    .map(([a, op, b]) => `(${a} ${op} ${b})`);
  const condition = fc
    .tuple(comparison, fc.constantFrom('&&', '||'), comparison, fc.boolean())
    .map(([a, op, b, isNegated]) => `${isNegated ? '!' : ''}(${a} ${op} ${b})`);

  test('any condition decides the same', () => {
    const reading = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(condition, fc.tuple(reading, reading, reading), (text, readings) => {
        const [temperature, humidity, power] = readings;
        expect(holds(text, readings)).toBe(cel.evaluate(text, { temperature, humidity, power }));
      }),
      { numRuns: 300 },
    );
  });
});
