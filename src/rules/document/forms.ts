import * as t from 'io-ts';
import { duration, type JsonSchema, Leaf, text } from '../../config/leaf.js';

export { metricName, ruleId } from '../../config/keys/pipeline.js';

const day = 86_400_000;

/** Of windows, of waiting, of intervals: nothing here is longer than a year. */
export const span = duration({ min: 1, max: 366 * day });
/** The same, where none at all is a sense, too. */
export const spanOrNone = duration({ min: 0, max: 366 * day });

/** With a bound that keeps `value · scale` and sums of such finite. */
const leaf = <A>(
  name: string,
  parse: (u: unknown) => A | null,
  encode: (value: A) => unknown,
  schema: JsonSchema,
  why?: (u: unknown) => string | undefined,
): Leaf<A> =>
  new Leaf<A>(
    name,
    (u): u is A => u !== null && u !== undefined,
    (u, context) => {
      const value = parse(u);
      return value === null ? t.failure(u, context, why?.(u)) : t.success(value);
    },
    encode,
    (given) => given,
    schema,
  );

const farthest = 1e100;

const whyNoNumber = (u: unknown): string | undefined => {
  if (typeof u === 'number') return Number.isFinite(u) ? 'no sensor measures that' : 'it must be finite';
  if (typeof u === 'string' && u.trim() !== '' && Number.isFinite(Number(u)))
    return 'it is a text: leave out the quotes';
  return undefined;
};

/** NaN and infinities compare with nothing, and would make a rule that never or always holds. */
export const number: Leaf<number> = leaf(
  'a finite number',
  (u) => (typeof u === 'number' && Math.abs(u) <= farthest ? u : null),
  (value) => value,
  { type: 'number', minimum: -farthest, maximum: farthest },
  whyNoNumber,
);

export const positive: Leaf<number> = leaf(
  'a number greater than 0',
  (u) => (typeof u === 'number' && u > 0 && u <= farthest ? u : null),
  (value) => value,
  { type: 'number', exclusiveMinimum: 0, maximum: farthest },
  (u) => (typeof u === 'number' && u <= 0 ? undefined : whyNoNumber(u)),
);

/** A score of a detector. */
export const score: Leaf<number> = leaf(
  'a number greater than 0 and at most 1',
  (u) => (typeof u === 'number' && u > 0 && u <= 1 ? u : null),
  (value) => value,
  { type: 'number', exclusiveMinimum: 0, maximum: 1 },
  (u) => (typeof u === 'number' ? undefined : whyNoNumber(u)),
);

const interval = (name: string, isGood: (low: number, high: number) => boolean, schema: JsonSchema) =>
  leaf<readonly [number, number]>(
    name,
    (u) => {
      if (!Array.isArray(u) || u.length !== 2) return null;
      const [low, high] = u as readonly unknown[];
      return number.is(low) &&
        number.is(high) &&
        typeof low === 'number' &&
        typeof high === 'number' &&
        Math.abs(low) <= farthest &&
        Math.abs(high) <= farthest &&
        isGood(low, high)
        ? [low, high]
        : null;
    },
    (value) => value,
    { type: 'array', minItems: 2, maxItems: 2, ...schema },
  );

export const range = interval(
  'two finite numbers, [lowest, highest], the first less than the second',
  (low, high) => low < high,
  {
    items: { type: 'number' },
  },
);

/** `[3, 5]`: 3 of the last 5. */
export const mOfN = interval(
  'two whole numbers [m, n] with 1 ≤ m ≤ n ≤ 52',
  (m, n) => Number.isInteger(m) && Number.isInteger(n) && m >= 1 && m <= n && n <= 52,
  { items: { type: 'integer', minimum: 1, maximum: 52 } },
);

export const unitText = text('a unit, such as "°C"; empty for none', /^.{0,16}$/u);
export const unitName = text('a unit, such as "°C"', /^.{1,16}$/u);
export const tag = text('a tag: 1 to 64 letters, digits, dots, underscores or dashes', /^[\p{L}\p{N}._-]{1,64}$/u);
export const labelName = text(
  'the name of a label: a letter or underscore, then such or digits',
  /^[A-Za-z_][A-Za-z0-9_]{0,63}$/,
);
export const labelText = text('a text of at most 256 characters', /^[^\0]{0,256}$/u);
export const messageText = text('a text of at most 1000 characters', /^[^\0]{1,1000}$/u);
export const patternText = text('a regular expression of at most 500 characters', /^[^\0]{1,500}$/su);

/** Longer ones are not read by people either; the bound keeps what a parser may have to do small. */
export const expressionText = text('an expression (CEL) of at most 2000 characters', /^[^\0]{1,2000}$/su);

/** `*` for any characters, `?` for one. */
export const glob: Leaf<string> = leaf(
  'a pattern of 1 to 256 characters in which * stands for any characters and ? for one',
  (u) => (typeof u === 'string' && /^[^\0[\]{}]{1,256}$/u.test(u) ? u : null),
  (value) => value,
  { type: 'string', pattern: '^[^\\0[\\]{}]{1,256}$' },
  (u) => {
    if (typeof u === 'number') return 'it is no text: put it in quotes';
    if (typeof u === 'string' && /[[\]{}]/.test(u))
      return 'brackets and braces have no meaning here: write a list of patterns for alternatives';
    return undefined;
  },
);

const isoForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** The engine takes the 31st of February for the 3rd of March. */
const isDay = (text: string): boolean => {
  const [year = NaN, month = NaN, day = NaN] = text.slice(0, 10).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
};

/** In epoch milliseconds. */
export const instant: Leaf<number> = leaf(
  'a time with its offset, such as 2026-01-31T08:00:00Z or 2026-01-31T08:00:00+01:00',
  (u) => {
    const ms = typeof u === 'string' && isoForm.test(u) && isDay(u) ? Date.parse(u) : NaN;
    return Number.isNaN(ms) ? null : ms;
  },
  (ms) => new Date(ms).toISOString(),
  { type: 'string', pattern: isoForm.source },
  (u) => (typeof u === 'string' && isoForm.test(`${u}Z`) ? `the offset is missing: did you mean ${u}Z?` : undefined),
);

/** `"08:30"`, in minutes after midnight; `"24:00"` is the end of the day. */
export const clockTime: Leaf<number> = leaf(
  'a time of day in quotes, from "00:00" to "24:00"',
  (u) => {
    const [, hours, minutes] = typeof u === 'string' ? (/^([01]\d|2[0-4]):([0-5]\d)$/.exec(u) ?? []) : [];
    const total = Number(hours) * 60 + Number(minutes);
    return total <= 1_440 ? total : null;
  },
  (total) => `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`,
  { type: 'string', pattern: '^([01]\\d|2[0-4]):([0-5]\\d)$' },
  (u) => (typeof u === 'string' && /^\d:[0-5]\d$/.test(u) ? `did you mean "0${u}"?` : undefined),
);

const zones = new Set(Intl.supportedValuesOf('timeZone'));

const isZone = (name: string): boolean => {
  if (zones.has(name)) return true;
  // Older names of zones are known, but not listed. Offsets such as +01:00 have no daylight saving time; a name was meant.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

/** `choices`: to find the nearest one to a misspelt one. */
export const zone: Leaf<string> & { readonly choices: readonly string[] } = Object.assign(
  leaf<string>(
    'the IANA name of a time zone, such as Europe/Berlin or UTC',
    (u) => (typeof u === 'string' && isZone(u) ? u : null),
    (value) => value,
    { type: 'string' },
  ),
  { choices: [...zones] },
);

/** A version of the file's form. */
export const formVersion: Leaf<1> = leaf<1>(
  '1',
  (u) => (u === 1 ? 1 : null),
  (value) => value,
  { const: 1 },
  (u) => (typeof u === 'number' ? 'this form of the file is not known here: a newer weir may read it' : undefined),
);
