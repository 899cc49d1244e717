import { isRight } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { durationForm, formatDuration, formatSize, parseDuration, parseSize } from './quantity.js';

/** What JSON Schema says of a value, for editors; what it can't say is left to the codec. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The codec of one value. `name` says what is expected, in words that fit after "expected". `encode` gives the form that is written
 * in the file. `fromText` turns the text of an environment variable or a flag into what the file would hold.
 */
export class Leaf<A> extends t.Type<A, unknown> {
  constructor(
    name: string,
    is: t.Is<A>,
    validate: t.Validate<unknown, A>,
    encode: (value: A) => unknown,
    readonly fromText: (text: string) => unknown,
    readonly schema: JsonSchema = {},
  ) {
    super(name, is, validate, encode);
  }
}

const asIs = (text: string): unknown => text;
const isNumber = (u: unknown): u is number => typeof u === 'number';
const isString = (u: unknown): u is string => typeof u === 'string';

const parsed = <A>(
  name: string,
  is: t.Is<A>,
  parse: (u: unknown) => A | null,
  encode: (value: A) => unknown,
  fromText: (text: string) => unknown,
  schema: JsonSchema,
  why?: (u: unknown) => string | undefined,
): Leaf<A> => {
  const validate: t.Validate<unknown, A> = (u, context) => {
    const value = parse(u);
    return value === null ? t.failure(u, context, why?.(u)) : t.success(value);
  };
  return new Leaf(name, is, validate, encode, fromText, schema);
};

interface Range {
  readonly min: number;
  readonly max: number;
}

const within = ({ min, max }: Range, value: number | null): number | null =>
  value !== null && value >= min && value <= max ? value : null;

const missingUnit =
  (example: string) =>
  (u: unknown): string | undefined =>
    typeof u === 'number' || (typeof u === 'string' && /^\d+(\.\d+)?$/.test(u))
      ? `a unit is missing: did you mean ${String(u)}${example}?`
      : undefined;

/** In milliseconds. */
export const duration = (range: Range): Leaf<number> =>
  parsed(
    `a duration with its unit, such as 250ms, 30s or 5m, from ${formatDuration(range.min)} to ${formatDuration(range.max)}`,
    isNumber,
    (u) => within(range, isString(u) ? parseDuration(u) : null),
    formatDuration,
    asIs,
    { type: 'string', pattern: durationForm.source },
    missingUnit('s'),
  );

/** In bytes. */
export const size = (range: Range): Leaf<number> =>
  parsed(
    `a size with its unit, such as 64KiB or 4MiB, from ${formatSize(range.min)} to ${formatSize(range.max)}`,
    isNumber,
    (u) => within(range, isString(u) ? parseSize(u) : null),
    formatSize,
    asIs,
    { type: 'string' },
    missingUnit('KiB'),
  );

const numberFromText = (text: string): unknown => (/^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : text);

const quotedNumber = (u: unknown): string | undefined =>
  isString(u) && isNumber(numberFromText(u)) ? 'it is a text: leave out the quotes' : undefined;

export const integer = (range: Range): Leaf<number> =>
  parsed(
    `a whole number from ${range.min} to ${range.max}`,
    isNumber,
    (u) => within(range, isNumber(u) && Number.isInteger(u) ? u : null),
    (value) => value,
    numberFromText,
    { type: 'integer', minimum: range.min, maximum: range.max },
    quotedNumber,
  );

const booleanFromText = (text: string): unknown => ({ true: true, false: false })[text.toLowerCase()] ?? text;
const isBoolean = (u: unknown): u is boolean => typeof u === 'boolean';

export const bool: Leaf<boolean> = parsed(
  'true or false',
  isBoolean,
  (u) => (isBoolean(u) ? u : null),
  (value) => value,
  booleanFromText,
  { type: 'boolean' },
);

/** Only false is possible; true is refused with the reason. */
export const neverTrue = (reason: string): Leaf<false> =>
  parsed<false>(
    'false',
    (u): u is false => u === false,
    (u) => (u === false ? u : null),
    (value) => value,
    booleanFromText,
    { const: false },
    (u) => (u === true ? reason : undefined),
  );

/** One of a few words; case does not matter. */
export const word = <A extends string>(...choices: readonly [A, ...A[]]): Leaf<A> =>
  parsed<A>(
    choices.length === 1 ? choices[0] : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}`,
    (u): u is A => choices.some((choice) => choice === u),
    (u) => (isString(u) ? (choices.find((choice) => choice.toLowerCase() === u.toLowerCase()) ?? null) : null),
    (value) => value,
    asIs,
    { enum: choices },
  );

export const text = (expected: string, form: RegExp): Leaf<string> =>
  parsed(
    expected,
    isString,
    (u) => (isString(u) && form.test(u) ? u : null),
    (value) => value,
    asIs,
    { type: 'string', pattern: form.source },
    (u) => (typeof u === 'number' || typeof u === 'boolean' ? 'it is no text: put it in quotes' : undefined),
  );

/** Null stands for "not set"; an empty text means the same, so that `password: ""` is no password. */
export const optional = <A>(leaf: Leaf<A>): Leaf<A | null> =>
  new Leaf<A | null>(
    leaf.name,
    (u): u is A | null => u === null || leaf.is(u),
    (u, context) => (u === null || u === '' ? t.success(null) : leaf.validate(u, context)),
    (value) => (value === null ? null : leaf.encode(value)),
    leaf.fromText,
    { anyOf: [leaf.schema, { type: 'null' }, { const: '' }] },
  );

/** Stands in the context of a fault whose message says everything. */
export const saidByMessage = new t.NeverType();

/** Without doubles; at least `atLeast` long. `keyOf` says what makes an element the same as another. */
export const listOf = <A>(
  name: string,
  element: t.Type<A, unknown>,
  options: {
    readonly atLeast: number;
    readonly keyOf: (value: A) => string;
    readonly fromText: (text: string) => unknown;
  },
): Leaf<readonly A[]> => {
  const base = t.readonlyArray(element);
  const validate: t.Validate<unknown, readonly A[]> = (u, context) => {
    if (!Array.isArray(u)) return t.failure(u, context, isString(u) ? 'it must be a list, even of one' : undefined);
    if (u.length < options.atLeast) return t.failure(u, context, 'the list is empty');
    const list = base.validate(u, context);
    if (!isRight(list)) return list;
    const keys = list.right.map(options.keyOf);
    const firsts = new Map<string, number>();
    for (const [index, key] of keys.entries()) if (!firsts.has(key)) firsts.set(key, index);
    const doubles = keys.flatMap((key, index) => (firsts.get(key) === index ? [] : [index]));
    if (doubles.length === 0) return list;
    return t.failures(
      doubles.map((index) => ({
        value: keys[index],
        context: t.appendContext(context, String(index), saidByMessage, keys[index]),
        message: `${keys[index] ?? ''} is in the list already, at place ${(firsts.get(keys[index] ?? '') ?? 0) + 1}`,
      })),
    );
  };
  return new Leaf(name, (u): u is readonly A[] => base.is(u), validate, base.encode, options.fromText);
};
