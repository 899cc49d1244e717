import fc from 'fast-check';
import * as t from 'io-ts';
import { describe, expect, it } from 'vitest';
import { numberTexts } from '../../number-texts.js';
import { KnownLayouts } from '../../../../streams/codecs/layouts/known-layouts.js';
import type { Layout, Shape } from '../../../../streams/codecs/layouts/layout.js';
import { type MemberNames, memberNames } from '../../../../streams/codecs/layouts/member-names.js';
import { kind, type Scalars } from '../../../../streams/codecs/layouts/scalars.js';
import { RawRecord } from '../../../../streams/model/raw-record.js';
import { asOffset } from '../../../../streams/model/units.js';

const codec = t.type({
  id: t.string,
  at: t.unknown,
  place: t.union([t.string, t.partial({ room: t.string, floor: t.number })]),
  sensors: t.partial({ temperature: t.type({ value: t.number, unit: t.string }) }),
});
const wanted = memberNames(codec);

const recordOf = (value: string | Buffer): RawRecord =>
  RawRecord.of({ offset: asOffset(0), timestampMs: 0, key: 'before', value });

/** What is wanted of a parsed value: objects with their wanted members. */
const wantedOf = (value: unknown, names: MemberNames): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value).flatMap(([name, member]) => {
          const inner = names.get(name);
          return inner === undefined || Array.isArray(member) ? [] : [[name, wantedOf(member, inner)]];
        }),
      );

type Plain = Record<string, unknown>;

/** A plan that makes of the scalars an object of their layout's shape. */
const plain =
  ({ shape }: Layout) =>
  (scalars: Scalars): Plain | undefined => {
    const areUtf8 = scalarsIn(shape).every((slot) => scalars.isUtf8(slot));
    return areUtf8 ? objectOf(shape, scalars) : undefined;
  };

const scalarsIn = (shape: Shape): readonly number[] =>
  Array.from(shape.values()).flatMap((member) => (typeof member === 'number' ? [member] : scalarsIn(member)));

const objectOf = (shape: Shape, scalars: Scalars): Plain =>
  Object.fromEntries(
    Array.from(shape, ([name, member]) => [
      name,
      typeof member === 'number' ? scalarOf(member, scalars) : objectOf(member, scalars),
    ]),
  );

const scalarOf = (slot: number, scalars: Scalars): unknown => {
  const is = scalars.kinds[slot];
  if (is === kind.text) return scalars.string(slot);
  return is === kind.number ? scalars.number(slot) : is === kind.null ? null : is === kind.true;
};

const unlearned = (): KnownLayouts<Plain> => new KnownLayouts(wanted, plain);

const taught = (...texts: readonly string[]): KnownLayouts<Plain> => {
  const layouts = unlearned();
  for (const text of texts) layouts.learn(recordOf(text));
  return layouts;
};

const text = (value: unknown): string => JSON.stringify(value);
const example = {
  id: 'd-1',
  note: 'not wanted',
  at: '2026-01-02T03:04:05Z',
  place: { room: 'A 1', zone: 'z', floor: 3 },
  sensors: { temperature: { value: 21.5, unit: '°C', raw: [1, { a: 2 }] }, last: 17 },
  more: null,
};

describe('KnownLayouts', () => {
  it('reads another record of a layout as JSON.parse does, as far as it is wanted', () => {
    const other = { ...example, id: '设备-2', note: 'x', at: 1.5e3, place: { room: '', zone: null, floor: -0.25 } };
    expect(taught(text(example)).read(recordOf(text(other)))).toEqual(wantedOf(other, wanted));
  });

  it('knows nothing before it has learned, and not what is laid out otherwise', () => {
    expect(unlearned().read(recordOf(text(example)))).toBeUndefined();
    const layouts = taught(text(example));
    for (const strange of [
      JSON.stringify(example, null, 1),
      text({ ...example, extra: 1 }),
      text({ ...example, place: 'hall' }),
      `${text(example)} `,
      text(example).slice(0, -1),
      `${text(example)}}`,
    ]) {
      expect(layouts.read(recordOf(strange)), strange).toBeUndefined();
    }
  });

  it('tells layouts with a common beginning apart, also where one goes on in the middle of the other', () => {
    const scalar = { id: 'a', place: 'hall', at: 1 };
    const nested = { id: 'a', place: { room: 'r', floor: 1 }, at: 1 };
    const longer = { id: 'a', place: 'hall', at: 1, sensors: {} };
    for (const order of [
      [scalar, nested, longer],
      [longer, nested, scalar],
      [nested, scalar, longer],
    ]) {
      const layouts = taught(...order.map(text));
      for (const one of order) expect(layouts.read(recordOf(text(one)))).toEqual(one);
    }
  });

  it('leaves to JSON.parse what it is not certain of', () => {
    const layouts = taught('{"id":"a","at":1}');
    for (const at of [
      '01',
      '1.',
      '.5',
      '-',
      '+1',
      '1e3',
      '1E400',
      'tru',
      'nul',
      'NaN',
      '"a\\n"',
      '"a\u0001"',
      '"\\u0041"',
      '[1]',
      '{}',
      '',
    ]) {
      // prettier-ignore
      expect(layouts.read(recordOf(`{"id":"a","at":${at}}`)), at).toBeUndefined();
    }
    const broken = Buffer.from('{"id":"a","at":"x"}');
    broken[broken.indexOf('x')] = 0xff;
    expect(layouts.read(recordOf(broken))).toBeUndefined();
    expect(layouts.read(recordOf('{"id":"a","at":"\uFFFD"}'))).toEqual({ id: 'a', at: '\uFFFD' });
  });

  it('does not learn what could mean something else: names twice, or with escapes', () => {
    for (const doubtful of ['{"id":"a","id":"b"}', '{"i\\u0064":"a"}', '{"x":{"y":1,"y":2}}']) {
      expect(taught(doubtful).read(recordOf(doubtful)), doubtful).toBeUndefined();
    }
  });

  it('takes a byte order mark in a name for part of the name, as JSON.parse does', () => {
    const marked = '{"id":"a","\uFEFFat":1}';
    expect(taught(marked).read(recordOf(marked))).toEqual({ id: 'a' });
  });

  it('keeps nothing of the buffer that it learned from', () => {
    const layouts = unlearned();
    const lesson = recordOf(text(example));
    layouts.learn(lesson);
    lesson.bytes.fill(0);
    expect(layouts.read(recordOf(text(example)))).toEqual(wantedOf(example, wanted));
  });

  it('soon stops learning from records that teach nothing, and learns again once they are another kind', () => {
    const layouts = taught('{"id":"a","at":1}');
    for (let i = 0; i < 300; i += 1) layouts.learn(recordOf('{"id":"\\u0041","at":1}'));
    layouts.learn(recordOf('{"at":1}'));
    expect(layouts.read(recordOf('{"at":2}'))).toBeUndefined();
    for (let i = 0; i < 1_024; i += 1) layouts.learn(recordOf('{"at":1}'));
    expect(layouts.read(recordOf('{"at":2}'))).toEqual({ at: 2 });
  });

  it('forgets layouts of the past when so many others came that none fits any more', () => {
    const layouts = taught(...Array.from({ length: 64 }, (_, index) => `{"x${index}":1}`));
    for (let i = 0; i < 70_000; i += 1) layouts.learn(recordOf('{"at":1}'));
    expect(layouts.read(recordOf('{"at":2}'))).toEqual({ at: 2 });
  });

  it('reads every number as JSON.parse does', () => {
    const layouts = taught('{"at":1}');
    const numbers = fc.oneof(
      numberTexts,
      fc.constantFrom('0', '-0', '0.0', '-0.0', '9007199254740993', '0.1', '123456789012345', '1.23456789012345'),
    );
    fc.assert(
      fc.property(numbers, (number) => {
        const read = layouts.read(recordOf(`{"at":${number}}`));
        if (read !== undefined) expect(Object.is(read['at'], JSON.parse(number)), number).toBe(true);
        else expect(number).toMatch(/e/);
      }),
      { numRuns: 5_000 },
    );
  });

  it('gives what JSON.parse gives, or nothing, whatever single bytes are changed', () => {
    const bytes = Buffer.from(text(example));
    const layouts = taught(text(example), text({ id: 'a', place: 'hall', at: 1 }));
    const spoilt = fc.array(
      fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0x22, 0x2c, 0x30, 0x5c, 0x7d))), // prettier-ignore
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(spoilt, (changes) => {
        const value = Buffer.from(bytes);
        for (const [at, byte] of changes) value[at] = byte;
        const read = layouts.read(recordOf(value));
        if (read === undefined) return;
        const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
        expect(read).toEqual(wantedOf(JSON.parse(strict), wanted));
      }),
      { numRuns: 20_000 },
    );
  });

  it('gives what JSON.parse gives of any JSON that is laid out like one it has learned', () => {
    const scalar = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
    const records = fc.record(
      {
        id: scalar,
        other: fc.oneof(scalar, fc.jsonValue({ maxDepth: 2 })),
        at: scalar,
        place: fc.oneof(scalar, fc.record({ room: scalar, floor: scalar, zone: scalar }, { requiredKeys: [] })),
        sensors: fc.record({ temperature: fc.record({ value: scalar, unit: scalar }), noise: scalar }, { requiredKeys: [] }), // prettier-ignore
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(records, { maxLength: 12 }), (stream) => {
        const layouts = unlearned();
        for (const value of stream) {
          const json = JSON.stringify(value);
          const read = layouts.read(recordOf(json));
          if (read === undefined) layouts.learn(recordOf(json));
          else expect(read).toEqual(wantedOf(JSON.parse(json), wanted));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads on when it has seen more texts and more layouts than it remembers', () => {
    const layouts = taught('{"id":"a","at":1}');
    for (let i = 0; i < 20_000; i += 1) {
      const id = `device-${i % 12_000}`;
      expect(layouts.read(recordOf(`{"id":"${id}","at":${i}}`))).toEqual({ id, at: i });
    }
    for (let i = 0; i < 100; i += 1) layouts.learn(recordOf(`{"id":"a","x${i}":1}`));
    expect(layouts.read(recordOf('{"id":"b","x1":2}'))).toEqual({ id: 'b' });
    expect(layouts.read(recordOf('{"id":"b","x99":2}'))).toBeUndefined();
  });
});
