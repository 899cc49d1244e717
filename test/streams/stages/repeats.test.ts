import fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import { describe, expect, it, vi } from 'vitest';
import { Repeats } from '../../../streams/stages/repeats.js';
import { recordOf } from '../fixtures.js';
import { numberTexts } from '../number-texts.js';
import { texts, scalar, changed, shown, parser, first, edits, edited } from './changed-records.js';

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
      numberTexts,
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
