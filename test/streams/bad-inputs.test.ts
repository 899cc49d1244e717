import { right } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { DeadLetter, RejectionTag } from '../../streams/model/rejection.js';
import { tallyOf } from '../../streams/model/chunk.js';
import type { RawRecord } from '../../streams/model/raw-record.js';
import { eachRecord } from '../../streams/operators/each-record.js';
import type { OwnOperator } from '../../streams/pipeline.js';
import type { Telemetry } from '../../streams/model/telemetry.js';
import { bytesOf, fateOf, namesIn, recordOf, through } from './fixtures.js';
import { deadInputs, goodInputs, sequences } from './bad-inputs.js';

const names = namesIn('bad');
const before = (): RawRecord => recordOf(bytesOf('records/flat.json'), 0);
const after = (): RawRecord => recordOf(bytesOf('records/nested-pressure.json'), 2);

/** A bad record between two good ones of other devices; and the same two alone, at the same offsets. */
const amongNeighbours = (bad: RawRecord) => {
  const [first, last] = [before(), after()];
  const { outcome, state } = through([first, bad, last]);
  const alone = through([before(), after()]);
  return { outcome, first, last, stored: state.snapshot(), alone };
};

describe('a bad input leaves with its own reason, and nothing else is affected', () => {
  test.each(deadInputs)('$file: $tag', ({ file, tag, path }) => {
    const bad = recordOf(bytesOf(`bad/${file}`), 1);
    const { outcome, first, last, stored, alone } = amongNeighbours(bad);

    expect([first, bad, last].map((record) => fateOf(outcome, record))).toEqual(['counted', tag, 'counted']);
    expect(tallyOf(outcome)).toEqual({ read: 3, counted: 2, duplicate: 0, late: 0, dead: 1, skipped: 0 });
    const [letter] = outcome.rejected;
    expect(letter?.rejection).toMatchObject(path === undefined ? { _tag: tag } : { _tag: tag, path });
    expectReadable(letter);
    // No watermark moved, nothing is remembered of it: the state is the one of a log without it.
    expect(stored.devices).toEqual(alone.state.snapshot().devices);
    expect(outcome.windows).toEqual(alone.outcome.windows);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('every fixture is in a table, and every reason has a fixture', () => {
    const listed = [...deadInputs.map(({ file }) => file), ...goodInputs.map(({ file }) => file), ...sequences];
    expect(listed.toSorted()).toEqual(names.toSorted());
    const seen = new Set<RejectionTag>(deadInputs.map(({ tag }) => tag));
    expect([...seen].toSorted()).toEqual(everyTag.filter((tag) => tag !== 'late' && tag !== 'faulted').toSorted());
  });

  test('all of them in one chunk: each leaves alone, and the neighbours count', () => {
    const records = [before(), ...deadInputs.map(({ file }, index) => recordOf(bytesOf(`bad/${file}`), index + 1))];
    records.push(recordOf(bytesOf('records/nested-pressure.json'), records.length));
    const { outcome } = through(records);
    const dead = deadInputs.length;
    expect(tallyOf(outcome)).toEqual({ read: dead + 2, counted: 2, duplicate: 0, late: 0, dead, skipped: 0 });
    expect(outcome.rejected.map(({ origin }) => origin.offset).toSorted((a, b) => a - b)).toEqual(
      deadInputs.map((_, index) => index + 1),
    );
  });
});

/** Reasons travel in headers and logs: short, and without control characters, whatever the record holds. */
const expectReadable = (letter: DeadLetter | undefined): void => {
  const message = letter?.rejection.message ?? '';
  expect(message.length).toBeGreaterThan(5);
  expect(message.length).toBeLessThan(300);
  expect(Array.from(message).filter((character) => character < ' ')).toEqual([]);
};

describe('an odd input counts, as what it says', () => {
  test.each(goodInputs)('$file: $why', ({ file, device = 'bad-1', reading, key = null }) => {
    const record = recordOf(bytesOf(`bad/${file}`), 1, { key });
    const { outcome, first, last } = amongNeighbours(record);
    expect([first, record, last].map((each) => fateOf(outcome, each))).toEqual(['counted', 'counted', 'counted']);
    const telemetry = outcome.records[1]?.value;
    expect(telemetry?.device.id).toBe(device);
    if (reading !== undefined) expect(telemetry?.readings[0]).toBe(reading);
    for (const value of telemetry?.readings ?? []) expect(Object.is(value, -0)).toBe(false);
  });
});

describe('what is only seen among other records', () => {
  test('a null value is skipped as a tombstone', () => {
    const tombstone = recordOf(null, 1);
    const { outcome, stored, alone } = amongNeighbours(tombstone);
    expect(fateOf(outcome, tombstone)).toBe('tombstone');
    expect(tallyOf(outcome)).toEqual({ read: 3, counted: 2, duplicate: 0, late: 0, dead: 0, skipped: 1 });
    expect(stored.devices).toEqual(alone.state.snapshot().devices);
  });

  test('late within the allowed lateness corrects the window, revision + 1; beyond it is a dead letter', () => {
    const records = sequences
      .filter((file) => file.startsWith('late-'))
      .map((file, index) => recordOf(bytesOf(`bad/${file}`), index));
    const { outcome } = through(records);
    expect(records.map((record) => fateOf(outcome, record))).toEqual([
      'counted',
      'counted',
      'counted',
      'counted',
      'late',
    ]);
    expect(outcome.windows.map(({ count, sum, revision, isClosed }) => ({ count, sum, revision, isClosed }))).toEqual([
      { count: 1, sum: 21.5, revision: 1, isClosed: false },
      { count: 2, sum: 47, revision: 2, isClosed: false },
      { count: 2, sum: 47, revision: 2, isClosed: true },
    ]);
    expect(outcome.rejected[0]?.rejection).toMatchObject({ _tag: 'late', lateByMs: 30_001 });
    expect(tallyOf(outcome)).toEqual({ read: 5, counted: 4, duplicate: 0, late: 1, dead: 0, skipped: 0 });
  });

  test('the same message id again is a duplicate and is not folded', () => {
    const twice = [recordOf(bytesOf('bad/sent-twice'), 0), recordOf(bytesOf('bad/sent-twice'), 1)];
    const { outcome, state } = through(twice);
    expect(twice.map((record) => fateOf(outcome, record))).toEqual(['counted', 'duplicate']);
    expect(outcome.skipped[0]?.skip).toEqual({ _tag: 'duplicate', messageId: 'once-only' });
    const [[, text] = []] = state.snapshot().devices;
    expect(JSON.parse(text ?? '')).toMatchObject({
      window: {
        minute: [
          expect.any(String),
          [{ rows: { temperature: [1, 21.5, 21.5, 21.5, 0, 30_123, 21.5, 30_123, 21.5, 0] } }],
        ],
      },
    });
  });

  test('where an operator throws that record alone is a dead letter, and the chunk goes on', () => {
    const unlucky: OwnOperator = () =>
      eachRecord<Telemetry, Telemetry>((telemetry) => {
        if (telemetry.device.id === 'unlucky-13') throw new Error('no thirteenth device, please');
        return right(telemetry);
      }, 'superstition');
    const records = [before(), recordOf(bytesOf('bad/makes-an-operator-throw'), 1), after()];
    const { outcome } = through(records, undefined, unlucky);
    expect(records.map((record) => fateOf(outcome, record))).toEqual(['counted', 'faulted', 'counted']);
    expect(outcome.rejected[0]?.rejection).toEqual({
      _tag: 'faulted',
      stage: 'superstition',
      message: 'superstition threw: no thirteenth device, please',
    });
  });

  test('after an event time that was not believed, the device goes on as if nothing had been', () => {
    for (const file of ['ts-future-nested', 'ts-past-nested', 'ts-unit-microseconds']) {
      const records = [recordOf(bytesOf(`bad/${file}`), 0), recordOf(bytesOf('bad/odd-key-is-not-the-device'), 1)];
      const { outcome } = through(records);
      expect([file, fateOf(outcome, records[1] ?? before())]).toEqual([file, 'counted']);
    }
  });
});

const everyTag: readonly RejectionTag[] = [
  ...(['empty', 'not_json', 'truncated', 'invalid_utf8', 'not_object', 'too_deep', 'too_large'] as const),
  ...(['forbidden_key', 'schema', 'out_of_range', 'unknown_unit', 'bad_id', 'late', 'faulted'] as const),
  ...(['ts_missing', 'ts_unit', 'tz_missing', 'ts_future', 'ts_past'] as const),
];
