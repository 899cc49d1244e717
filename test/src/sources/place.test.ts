import { describe, expect, it } from 'vitest';
import { locate } from '../../../src/sources/kafka/locate.js';
import { place, type PartitionHistory } from '../../../src/sources/place.js';
import { asOffset } from '../../../streams/model/units.js';

const ends = (low: number, high: number) => ({ low: asOffset(low), high: asOffset(high) });
const fresh = (): PartitionHistory => ({ first: null, lostTo: null });

describe('place', () => {
  it('stays where the log still has the position, its end included', () => {
    expect(place(asOffset(5), ends(5, 10), 'earliest', fresh())).toEqual({ _tag: 'at', offset: 5, loss: null });
    expect(place(asOffset(10), ends(5, 10), 'earliest', fresh())).toEqual({ _tag: 'at', offset: 10, loss: null });
  });

  it('counts exactly what is gone, and tells it once', () => {
    const history = fresh();
    expect(place(asOffset(3), ends(10, 20), 'earliest', history)).toMatchObject({
      offset: 10,
      loss: { from: 3, to: 10, records: 7 },
    });
    expect(place(asOffset(3), ends(10, 20), 'earliest', history)).toMatchObject({ offset: 10, loss: null });
    expect(place(asOffset(3), ends(12, 20), 'earliest', history)).toMatchObject({
      offset: 12,
      loss: { from: 10, to: 12, records: 2 },
    });
  });

  it('sees a log that ends before the position', () => {
    expect(place(asOffset(11), ends(0, 10), 'earliest', fresh())._tag).toBe('went_back');
  });

  it('begins at the wanted end when nothing was ever settled, and keeps to it when asked again', () => {
    expect(place(null, ends(3, 9), 'earliest', fresh())).toMatchObject({ offset: 3 });
    const history = fresh();
    expect(place(null, ends(3, 9), 'latest', history)).toMatchObject({ offset: 9 });
    expect(place(null, ends(3, 50), 'latest', history)).toMatchObject({ offset: 9 });
  });
});

describe('locate', () => {
  const noWait = <T>(_ms?: number, value?: T): Promise<T> => Promise.resolve(value as T);

  it('asks again until it is answered', async () => {
    let asked = 0;
    const found = await locate(
      {
        from: asOffset(4),
        reset: 'earliest',
        history: fresh(),
        ends: () => (++asked < 4 ? Promise.reject(new Error('no leader')) : Promise.resolve(ends(0, 9))),
        isWanted: () => true,
      },
      noWait,
    );
    expect([asked, found]).toEqual([4, { _tag: 'at', offset: 4, loss: null }]);
  });

  it('looks again before it believes that a log went back', async () => {
    const answers = [ends(0, 3), ends(0, 3), ends(0, 8)];
    const question = { from: asOffset(6), reset: 'earliest', history: fresh(), isWanted: () => true } as const;
    const lateEnd = await locate({ ...question, ends: () => Promise.resolve(answers.shift() ?? ends(0, 0)) }, noWait);
    expect(lateEnd).toMatchObject({ _tag: 'at', offset: 6 });
    const gone = await locate({ ...question, ends: () => Promise.resolve(ends(0, 3)) }, noWait);
    expect(gone).toEqual({
      _tag: 'went_back',
      why: 'the log ends at 3, before the position 6: it was truncated or made anew',
    });
  });

  it('stops asking when nobody wants to know any more', async () => {
    let isWanted = true;
    let asked = 0;
    const question = { from: null, reset: 'earliest', history: fresh(), isWanted: () => isWanted } as const;
    const answer = locate(
      { ...question, ends: () => (asked++, (isWanted = asked < 3), Promise.reject(new Error('down'))) },
      noWait,
    );
    expect([await answer, asked]).toEqual([null, 3]);
  });
});
