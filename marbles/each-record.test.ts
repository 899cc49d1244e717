import { left, right } from 'fp-ts/lib/Either.js';
import { map } from 'rxjs';
import { describe } from 'vitest';
import type { Chunk } from '../streams/model/chunk.js';
import type { RawRecord } from '../streams/model/raw-record.js';
import type { Stage } from '../streams/model/stage.js';
import type { Telemetry } from '../streams/model/telemetry.js';
import { eachRecord } from '../streams/operators/each-record.js';
import { all, deadLetter, marbles, obeysStreamLaws, rawRecords, skipped } from './kit/index.js';

/** Doubles what is even, rejects what is odd. */
const halves: Stage<number, number> = (value) =>
  value % 2 === 0 ? right(2 * value) : left({ _tag: 'out_of_range', path: '', message: `${value} is odd` });

const odd = (value: number) => deadLetter('out_of_range', { message: `${value} is odd` });

describe('eachRecord', () => {
  obeysStreamLaws(() => eachRecord<Telemetry, Telemetry>((telemetry) => right(telemetry)));

  describe('with a stage that turns some away', () => {
    const picky: Stage<RawRecord, number> = (record) =>
      record.isTombstone ? left({ _tag: 'tombstone' }) : right(record.valueLength);
    obeysStreamLaws(() => eachRecord(picky), { after: rawRecords });
  });

  marbles(
    'doubles what is even and rejects what is odd',
    ({ cold, rawChunk, expectObservable, expectSubscriptions }) => {
      const numbers = (...values: readonly number[]): Chunk<number> => {
        const chunk = rawChunk(...values.map(() => ({})));
        return { ...chunk, records: chunk.records.map(({ origin }, i) => ({ value: values[i] ?? NaN, origin })) };
      };
      const source = cold(' -a-b-|', { a: numbers(1, 2), b: numbers(3) });
      const subs = '        ^----!';
      const result = '      -A-B-|';

      expectObservable(source.pipe(eachRecord(halves))).toBe(result, {
        A: all(numbers(4), odd(1)),
        B: all(numbers(), odd(3)),
      });
      expectSubscriptions(source.subscriptions).toBe(subs);
    },
  );

  marbles('counts a skip and makes no dead letter of it', ({ cold, rawChunk, expectObservable }) => {
    const tombstones: Stage<RawRecord, RawRecord> = (record) =>
      record.isTombstone ? left({ _tag: 'tombstone' }) : right(record);
    const [full, both] = [rawChunk({}), rawChunk({ value: null }, {})];
    const source = cold(' -a-b-|', { a: full, b: both });
    const result = '      -a-S-|';

    expectObservable(source.pipe(eachRecord(tombstones))).toBe(result, {
      a: full,
      S: all({ ...both, records: both.records.slice(1) }, skipped('tombstone')),
    });
  });

  marbles(
    'makes a dead letter of the record on which its stage throws, and of that alone',
    ({ cold, chunk, expectObservable }) => {
      const fragile: Stage<Telemetry, Telemetry> = (telemetry) => {
        if (telemetry.eventTimeMs === 2) throw new Error('no twos');
        return right(telemetry);
      };
      const a = chunk(1, 2, 3);
      const source = cold(' -a-|', { a });
      const result = '      -F-|';

      expectObservable(source.pipe(eachRecord(fragile))).toBe(result, {
        F: all(
          { ...a, records: a.records.filter(({ value }) => value.eventTimeMs !== 2) },
          deadLetter('faulted', { stage: 'fragile', message: 'fragile threw: no twos' }),
        ),
      });
    },
  );

  marbles('names the stage as it was told to', ({ cold, chunk, expectObservable }) => {
    const broken: Stage<Telemetry, Telemetry> = () => {
      throw new Error('no');
    };
    const source = cold(' -a-|', { a: chunk(1) });
    const result = '      -F-|';

    expectObservable(source.pipe(eachRecord(broken, 'mine'))).toBe(result, {
      F: deadLetter('faulted', { stage: 'mine', message: 'mine threw: no' }),
    });
  });

  marbles('makes no new object for what its stage lets through as it is', ({ cold, chunk, expectObservable }) => {
    const asItIs: Stage<Telemetry, Telemetry> = (telemetry) => right(telemetry);
    const a = chunk(1);
    const source = cold(' -a-|', { a });
    const result = '      -t-|';

    expectObservable(
      source.pipe(
        eachRecord(asItIs),
        map(({ records }) => records[0] === a.records[0]),
      ),
    ).toBe(result, { t: true });
  });
});
