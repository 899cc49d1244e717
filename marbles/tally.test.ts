import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tally } from '../streams/model/chunk.js';
import { tally } from '../streams/operators/tally.js';
import { devicePipeline } from '../streams/pipeline.js';
import { PartitionState } from '../streams/state/partition-state.js';
import { atOnce, logs, marbles, obeysStreamLaws, runLog, testSettings } from './kit/index.js';

const remembered = (state: PartitionState): unknown =>
  (JSON.parse(state.snapshot().partition) as { tally: unknown }).tally;

describe('tally', () => {
  obeysStreamLaws((_settings, state) => tally(state));

  marbles(
    'counts what became of every record',
    ({ cold, chunk, state, expectObservable, expectSubscriptions, flush }) => {
      const [a, b] = [chunk(1, 2, 3), chunk(4)];
      const [first, second, third] = a.records;
      const [only] = b.records;
      if (first === undefined || second === undefined || third === undefined || only === undefined)
        throw new Error('four records');
      const late = { origin: third.origin, rejection: { _tag: 'late', lateByMs: 9, message: '' } } as const;
      const duplicate = { origin: only.origin, skip: { _tag: 'duplicate', messageId: 'm' } } as const;
      const chunks = {
        a: { ...a, records: [first, second], rejected: [late] },
        b: { ...b, records: [], skipped: [duplicate] },
      };
      const source = cold(' -a-b-|', chunks);
      const subs = '        ^----!';
      const result = '      -a-b-|';

      expectObservable(source.pipe(tally(state))).toBe(result, chunks);
      expectSubscriptions(source.subscriptions).toBe(subs);
      flush();
      expect(remembered(state)).toEqual({ read: 4, counted: 2, duplicate: 1, late: 1, dead: 0, skipped: 0 });
    },
  );

  marbles(
    'tells dead letters from late ones, and skips from duplicates',
    ({ cold, chunk, state, expectObservable, flush }) => {
      const a = chunk(1, 2);
      const [{ origin } = { origin: null }] = a.records;
      if (origin === null) throw new Error('two records');
      const a_ = {
        ...a,
        records: [],
        rejected: [{ origin, rejection: { _tag: 'not_json', message: '' } } as const],
        skipped: [{ origin, skip: { _tag: 'tombstone' } } as const],
      };
      const source = cold(' -a-|', { a: a_ });
      const result = '      -a-|';

      expectObservable(source.pipe(tally(state))).toBe(result, { a: a_ });
      flush();
      expect(remembered(state)).toEqual({ read: 2, counted: 0, duplicate: 0, late: 0, dead: 1, skipped: 1 });
    },
  );

  it('adds up whatever is read, and to what the chunks say', () => {
    const settings = testSettings();
    fc.assert(
      fc.property(logs(settings), (log) => {
        const { settled, store } = runLog((given, state) => devicePipeline(given, state), settings, log, atOnce);
        const { tally: sum } = JSON.parse(store.partition ?? '{}') as { tally: Tally };
        const { read, counted, duplicate, late, dead, skipped } = sum;
        expect(read).toBe(log.records.length);
        expect(counted + duplicate + late + dead + skipped).toBe(read);
        expect(counted).toBe(settled.flatMap(({ records }) => records).length);
        expect(late + dead).toBe(settled.flatMap(({ rejected }) => rejected).length);
        expect(duplicate + skipped).toBe(settled.flatMap((chunk) => chunk.skipped).length);
        expect(late).toBe(
          settled.flatMap(({ rejected }) => rejected).filter(({ rejection }) => rejection._tag === 'late').length,
        );
      }),
      { seed: 1 },
    );
  });
});
