import fc from 'fast-check';
import * as t from 'io-ts';
import { describe, expect, test } from 'vitest';
import { compileCheck, NotCompilable } from '../../../streams/codecs/compile.js';
import { envelopeCodec, EnvelopeHead } from '../../../streams/codecs/envelope.js';
import { Finite, maybe, MessageId } from '../../../streams/codecs/fields.js';
import { flatCodec } from '../../../streams/codecs/flat.js';
import { nestedCodec } from '../../../streams/codecs/nested.js';
import { bytesOf, namesIn, settings } from '../fixtures.js';

/** Whatever `JSON.parse` can give. */
const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

const names = fc.constantFrom('a', 'b', 'value', 'toString', 'valueOf', 'hasOwnProperty', '', 'ä "quoted"\n');
const leaf: fc.Arbitrary<t.Mixed> = fc.constantFrom<t.Mixed>(
  t.string,
  t.number,
  t.boolean,
  t.null,
  t.undefined,
  t.unknown,
  Finite,
  MessageId,
  t.keyof({ a: null, toString: null }),
);
const codecs = fc.letrec<{ codec: t.Mixed }>((tie) => ({
  codec: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.dictionary(names, tie('codec'), { maxKeys: 3 }).map((props) => t.type(props)),
    fc.dictionary(names, tie('codec'), { maxKeys: 3 }).map((props) => t.partial(props)),
    fc.tuple(tie('codec'), tie('codec')).map((both) => t.intersection(both)),
    fc.tuple(tie('codec'), tie('codec')).map((either) => t.union(either)),
    tie('codec').map((codec) => maybe(codec)),
  ),
})).codec;

/** Values near what a codec wants: objects of its own member names. */
const near = fc.oneof(json, fc.dictionary(names, json, { maxKeys: 4 }));

describe.each([
  ['generated', true],
  ['closures', false],
] as const)('compileCheck, %s', (_name, mayGenerate) => {
  test('says of any JSON what codec.is says, for any codec', () => {
    let accepted = 0;
    fc.assert(
      fc.property(codecs, near, (codec, value) => {
        const says = compileCheck(codec, mayGenerate)(value);
        if (says) accepted += 1;
        expect(says).toBe(codec.is(value));
      }),
      { numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  test.each([
    ['flat', flatCodec(settings.metrics)],
    ['nested', nestedCodec(settings.metrics)],
    ['envelope', envelopeCodec(settings.metrics)],
    ['head of an envelope', EnvelopeHead],
  ] as const)('%s: says what codec.is says of every fixture with any member replaced', (_format, codec) => {
    const check = compileCheck(codec, mayGenerate);
    const records = namesIn('records').map((name) => JSON.parse(bytesOf(`records/${name}`).toString()) as unknown);
    expect(records.some((record) => check(record))).toBe(true);
    fc.assert(
      fc.property(fc.constantFrom(...records), fc.nat(), fc.option(json), (record, at, replacement) => {
        const paths = pathsOf(record);
        const changed = replaced(record, paths[at % paths.length] ?? [], replacement);
        expect(check(changed)).toBe(codec.is(changed));
      }),
      { numRuns: 1_000 },
    );
  });

  test('refuses a codec that decodes to something else than it was given', () => {
    const parsing = new t.Type<number, string>('parsing', t.number.is, (_u, c) => t.failure(_u, c), String);
    expect(() => compileCheck(parsing, mayGenerate)).toThrow(NotCompilable);
    expect(() => compileCheck(t.type({ deep: t.array(t.string) }), mayGenerate)).toThrow("can't be compiled");
  });

  test('a member that may be undefined must still be there, as io-ts has it', () => {
    const check = compileCheck(t.type({ a: t.unknown }), mayGenerate);
    expect([check({}), check({ a: null }), check([]), check(null)]).toEqual([false, true, false, false]);
  });
});

const pathsOf = (value: unknown): readonly (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? [[], ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner).map((path) => [key, ...path]))]
    : [[]];

/** A null replacement takes the member away. */
const replaced = (value: unknown, [key, ...rest]: readonly string[], replacement: unknown): unknown => {
  if (key === undefined) return replacement;
  const members = Object.entries(value as Record<string, unknown>);
  const isRemoved = (name: string): boolean => name === key && rest.length === 0 && replacement === null;
  return Object.fromEntries(
    members
      .filter(([name]) => !isRemoved(name))
      .map(([name, inner]) => [name, name === key ? replaced(inner, rest, replacement) : inner]),
  );
};
