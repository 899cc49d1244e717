import fc from 'fast-check';
import { type Either, isLeft } from 'fp-ts/lib/Either.js';
import { describe, expect, it, vi } from 'vitest';
import type { Rejection, Skip } from '../../../streams/model/rejection.js';
import type { Telemetry } from '../../../streams/model/telemetry.js';
import { latestMemory } from '../../../streams/state/latest-memory.js';
import { parse } from '../../../streams/stages/parse.js';
import { Repeats } from '../../../streams/stages/repeats.js';
import { PartitionState } from '../../../streams/state/partition-state.js';
import { bytesOf, namesIn, recordOf, settings, source } from '../fixtures.js';

const texts = [
  ...namesIn('records').map((name) => bytesOf(`records/${name}`).toString()),
  '{"device_id":"d","timestamp":"2025-08-02T10:15:30+08:00","status":null,"battery":1,"battery_level":null,"humidity":0,"extra":"x"}',
  '{"sensors":{"temperature":{"unit":"°F","value":70,"status":"warning"},"humidity":null,"noise":{"value":"loud"}},"temperature":"no reading here","device_id":"设备","timestamp":1754100930123,"location":null,"device_info":{}}',
  '{"message_id":"m","message_type":"device_data","timestamp":"at noon","payload":{"device":{"device_id":"d","timestamp":1754100930123,"sensors":{"switch_status":{"value":true,"status":"off"},"pressure":{"value":1,"unit":"bar"}},"status":"故障"}},"tags":["a",{"b":[]}]}',
  // Each is laid out like one that is good, and is not.
  '{"device_id":"d","device_id":"e","timestamp":"2025-08-02T10:15:30+08:00","humidity":1}',
  '{"device_id":"d","timestamp":"2025-08-02T10:15:30+08:00","__proto__":1,"humidity":1}',
];

/** Scalars as they are written. */
const scalar = fc.oneof(
  fc.constantFrom('null', 'true', 'false', '0', '-0', '1', '01', '1e3', '1E999', '-40', '21.873456789012344', '70.00', '9007199254740993', '.5', 'nul'), // prettier-ignore
  fc.constantFrom('""', '"d-2"', '"a b"', '"\\u0041"', '"a\\n"', '"K"', '"furlong"', '"bad\uFFFD"', '"°C"', '"novel"', '"heartbeat"', '"device_data"'), // prettier-ignore
  fc.constantFrom('"2025-08-02T10:15:59.5Z"', '"2025-08-02T10:15:30"', '"2025-08-02T10:16:00.25-03:00"', '"error"', `"${'x'.repeat(257)}"`, '1754100930', '1754100930999'), // prettier-ignore
  fc.double({ noNaN: true }).map(String),
  fc.string({ unit: 'binary', maxLength: 12 }).map((value) => JSON.stringify(value)),
);

/** A scalar that is the value of a member or the element of an array. */
const places = /(?<=[:[,]\s*)(?:"(?:[^"\\]|\\.)*"(?!\s*:)|[-\d][^,}\]\s]*|true|false|null)/g;

const changed = (text: string, changes: readonly (readonly [at: number, by: string])[]): string => {
  const count = text.match(places)?.length ?? 0;
  const wanted = new Map(changes.map(([at, by]) => [at % Math.max(1, count), by]));
  let index = -1;
  return text.replace(places, (before) => wanted.get((index += 1)) ?? before);
};

/** Bytes that are no UTF-8 in place of a mark. */
const spoilt = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  const at = bytes.indexOf('\uFFFD');
  if (at >= 0) bytes[at] = 0xff;
  return bytes;
};

const streams = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...texts), { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(), fc.array(fc.tuple(fc.nat(), scalar), { maxLength: 3 }), fc.boolean()), {
      minLength: 1,
      maxLength: 12,
    }),
  ) // prettier-ignore
  .map(([kinds, records]) => [
    ...kinds.map((text) => Buffer.from(text)),
    ...records.map(([which, changes, isSpoilt]) => {
      const text = changed(kinds[which % kinds.length] ?? '', changes);
      return isSpoilt ? spoilt(text) : Buffer.from(text);
    }),
  ]);

const shown = (result: Either<Rejection | Skip, Telemetry>) => {
  if (isLeft(result)) return result.left;
  const { device, ...telemetry } = result.right;
  return { device: device.id, ...telemetry };
};

const latestMemoryOf = (state: PartitionState) => state.ofDevice(latestMemory(settings.metrics));

const parser = () => parse(settings, PartitionState.empty(source));
const first = (value: Buffer) => {
  const record = recordOf(value);
  return shown(parser()(record, record));
};

/** Bytes put in the place of others. */
const edits = fc.array(
  fc.tuple(
    fc.nat(),
    fc.constantFrom(0, 1, 1, 1, 1, 2, 9),
    fc.oneof(
      fc.constantFrom(...['', '"', '\\', ',', '}', '.', '-', 'e', ':', ' ', '0', '9', '00', '1.5', 'true', 'null', '\u0000', '\u007f', 'é', '"x":1,', 'a"'].map((text) => Buffer.from(text))), // prettier-ignore
      fc.uint8Array({ minLength: 1, maxLength: 2 }).map((bytes) => Buffer.from(bytes)),
    ),
  ),
  { minLength: 0, maxLength: 2 },
);

const edited = (bytes: Buffer, changes: readonly (readonly [at: number, gone: number, by: Buffer])[]): Buffer =>
  changes.reduce((before, [where, gone, by]) => {
    const at = where % before.length;
    return Buffer.concat([before.subarray(0, at), by, before.subarray(at + gone)]);
  }, bytes);

describe('a record of a device that was seen before', () => {
  const good = texts.slice(0, -2).filter((text) => !isLeft(parser()(recordOf(text), recordOf(text))));
  /** The same device, the same layout, other readings. */
  const otherReadings = fc.tuple(fc.constantFrom(...good), fc.array(fc.tuple(fc.nat(), scalar), { maxLength: 2 }));

  it('reads as one that is the first of all, whatever bytes are changed', () => {
    const reading = vi.spyOn(Repeats.prototype, 'read');
    fc.assert(
      fc.property(otherReadings, fc.array(edits, { minLength: 1, maxLength: 8 }), ([text, changes], all) => {
        const stage = parser();
        const taught = [text, text, text, changed(text, changes)].map((each) => Buffer.from(each));
        for (const value of [...taught, ...all.map((each) => edited(Buffer.from(text), each)), Buffer.from(text)]) {
          const record = recordOf(value, 0, { key: 'k' });
          expect(shown(stage(record, record)), value.toString()).toStrictEqual(first(value));
        }
      }),
      { numRuns: Number(process.env['VERDICT_RUNS'] ?? 600) },
    );
    const read = reading.mock.results.filter(({ value }) => value !== undefined).length;
    reading.mockRestore();
    // Two of those that are taught and the last one, and of those edited at least some.
    expect(read).toBeGreaterThan(2_000);
  });

  it('reads every reading and every time as the first of all does', () => {
    const numbers = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat({ max: 24 })).map(([digits, decimals]) => {
        const plain = String(digits < 0n ? -digits : digits).padStart(decimals + 1, '0');
        const cut = plain.length - decimals;
        return `${digits < 0n ? '-' : ''}${plain.slice(0, cut)}${decimals === 0 ? '' : `.${plain.slice(cut)}`}`;
      }),
      fc.integer({ min: -99_999, max: 99_999 }).map((hundredths) => (hundredths / 100).toFixed(2)),
      fc.constantFrom('0', '-0', '-0.0', '999999999', '1000000000', '99.9999999', '99999.99999', '21474836.48', '9999999999', '2147483648', '4294967296.5', '00', '1.', '--1', 'null', 'true'), // prettier-ignore
      fc.constantFrom('1e5', '1E400', `1${'0'.repeat(400)}`, `0.${'0'.repeat(400)}1`, '9007199254740993'),
    );
    const times = fc.tuple(
      fc.constantFrom('2025-08-02T10:15', '2025-08-02T10:16', '2025-02-30T10:15'),
      fc.constantFrom(':30', ':60', ':61', ':3'),
      fc.constantFrom('', '.5', '.123456789', '.'),
      fc.constantFrom('Z', '+08:00', '-03:30', '', '+24:00', 'Z","x":"'),
    ); // prettier-ignore
    const flatOf = (at: readonly string[], a: string, b: string): string =>
      `{"device_id":"d","timestamp":"${at.join('')}","humidity":${a},"status":"正常","battery":${b}}`;
    const nestedOf = (at: string, a: string, b: string): string =>
      `{"device_id":"n","timestamp":${at},"sensors":{"humidity":{"value":${a},"unit":"%"}},"device_info":{"battery":${b}}}`;
    const records = fc.oneof(
      fc.tuple(times, numbers, numbers).map((parts) => flatOf(...parts)),
      fc
        .tuple(
          fc.oneof(
            fc.constantFrom('1754100930123', '1754100930123.0', '1754100930123.5', '99999999999', '100000000000001'),
            numbers,
          ),
          numbers,
          numbers,
        ) // prettier-ignore
        .map((parts) => nestedOf(...parts)),
    );
    const stage = parser();
    for (let i = 0; i < 3; i += 1) {
      for (const text of [flatOf(['2025-08-02T10:15:30Z'], '1', '2'), nestedOf('1754100930123', '1', '2')]) {
        stage(recordOf(text), recordOf(text));
      }
    }
    fc.assert(
      fc.property(records, (text) => {
        expect(shown(stage(recordOf(text), recordOf(text))), text).toStrictEqual(first(Buffer.from(text)));
      }),
      { numRuns: 5_000 },
    );
  });

  it('is told apart from others whose ids begin or end like its own', () => {
    const stage = parser();
    const ids = [
      'd',
      'd1',
      'd12',
      'd123',
      'd1234',
      'd12345',
      'e12345',
      '1',
      '',
      'd"',
      'd\\u0031',
      '设备',
      '设',
      'x'.repeat(200),
    ];
    for (let round = 0; round < 4; round += 1) {
      for (const id of ids) {
        const text = `{"humidity":${round},"timestamp":"2025-08-02T10:15:30Z","device_id":"${id}"}`;
        expect(shown(stage(recordOf(text), recordOf(text))), text).toStrictEqual(first(Buffer.from(text)));
      }
    }
  });

  it('is found wherever its id stands, as long as it stands in few places', () => {
    const reading = vi.spyOn(Repeats.prototype, 'read');
    const stage = parser();
    const read = (place: number, humidity: number): boolean => {
      const before = Array.from({ length: place }, (_, i) => `"x${i}":${humidity},`).join('');
      const text = `{${before}"device_id":"d","timestamp":"2025-08-02T10:15:30Z","humidity":${humidity}}`;
      const result = shown(stage(recordOf(text), recordOf(text)));
      const isRead = reading.mock.results.at(-1)?.value !== undefined;
      expect(result, text).toStrictEqual(first(Buffer.from(text)));
      return isRead;
    };
    const places = Array.from({ length: 20 }, (_, place) => place);
    // Of the first of a layout its bytes are learned, of the second what its device says.
    for (const place of places) for (const humidity of [1, 2]) expect(read(place, humidity)).toBe(false);
    expect(places.filter((place) => read(place, 3)).length).toBeGreaterThan(1);
    read(5, 4);
    expect([read(5, 5), read(5, 6)]).toEqual([true, true]);
    reading.mockRestore();
  });

  it('reads the same where code may not be generated', () => {
    vi.stubGlobal('Function', () => {
      throw new EvalError('Code generation from strings disallowed for this context');
    });
    const stage = parser();
    // A layout of its own: code made before would still be there.
    const texts = ['1', '2', '3'].map((x) => `{"device_id":"d","humidity":${x},"timestamp":"2025-08-02T10:15:3${x}Z","only_here":${x}}`); // prettier-ignore
    const parsed = texts.map((text) => shown(stage(recordOf(text), recordOf(text))));
    vi.unstubAllGlobals();
    expect(parsed).toStrictEqual(texts.map((text) => first(Buffer.from(text))));
  });
});

describe('a record whose layout was seen before', () => {
  it('reads as one that is the first of all, whatever stands in it', () => {
    const good = { taught: 0 };
    fc.assert(
      fc.property(streams, (stream) => {
        const stage = parser();
        for (const value of stream) {
          const record = recordOf(value);
          const result = shown(stage(record, record));
          expect(result, value.toString()).toStrictEqual(first(value));
          if ('readings' in result) good.taught += 1;
        }
      }),
      { numRuns: Number(process.env['VERDICT_RUNS'] ?? 3_000) },
    );
    expect(good.taught).toBeGreaterThan(1_000);
  });

  it.each(texts.slice(0, -2).filter((text) => !isLeft(parser()(recordOf(text), recordOf(text)))))(
    'is not parsed: %s',
    (text) => {
      const stage = parser();
      stage(recordOf(text), recordOf(text));
      const parsing = vi.spyOn(JSON, 'parse');
      const again = stage(recordOf(text), recordOf(text));
      const times = parsing.mock.calls.length;
      parsing.mockRestore();
      expect([again._tag, times]).toEqual(['Right', 0]);
    },
  );

  it('shares its profile with the one before as long as nothing in it differs', () => {
    const stage = parser();
    const profiles = ['0', '1', '2', '3'].map((humidity) => {
      const text = `{"device_id":"d","timestamp":"2025-08-02T10:15:3${humidity}Z","location":"${humidity === '3' ? 'b' : 'a'}","humidity":${humidity}}`;
      const result = stage(recordOf(text), recordOf(text));
      return isLeft(result) ? null : result.right.profile;
    });
    expect(profiles[2]).toBe(profiles[1]);
    expect(profiles[3]).toMatchObject({ location: { building: 'b' } });
  });

  it('shares it with records of other layouts, whatever was said in between', () => {
    const state = PartitionState.empty(source);
    const stage = parse(settings, state);
    const said = (layout: 'a' | 'b', status: string) => {
      const more = layout === 'a' ? '"temperature":1' : '"humidity":2,"temperature":1';
      const record = recordOf(Buffer.from(`{"device_id":"d","timestamp":"2025-08-02T10:15:30Z","status":"${status}",${more}}`)); // prettier-ignore
      const read = stage(record, record);
      if (isLeft(read)) throw new Error('not read');
      state.touch(read.right.device);
      latestMemoryOf(state)(read.right.device).profile = read.right.profile;
      return read.right.profile;
    };
    // Each layout is learned with its first record, kept with its second.
    for (const status of ['online', 'online', 'error', 'error']) said('a', status);
    for (const status of ['online', 'online']) said('b', status);
    const profiles = Array.from({ length: 6 }, (_, i) => said(i % 2 === 0 ? 'a' : 'b', 'online'));
    expect(new Set(profiles).size).toBe(1);
  });

  it('has the handle that the state knows, also once an untouched one was forgotten', () => {
    const state = PartitionState.empty(source);
    const stage = parse(settings, state);
    const text = '{"device_id":"d","timestamp":"2025-08-02T10:15:30Z","humidity":1}';
    for (let round = 0; round < 4; round += 1) {
      const result = stage(recordOf(text), recordOf(text));
      if (isLeft(result)) throw new Error('it is right');
      expect(result.right.device).toBe(state.device('d'));
      if (round === 2) state.touch(result.right.device);
      state.snapshot();
    }
    expect(Array.from(state.devices(), ({ id }) => id)).toEqual(['d']);
  });
});
