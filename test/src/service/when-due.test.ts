import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { whenDue } from '../../../src/service/when-due.js';

const inVirtualTime = (body: Parameters<TestScheduler['run']>[0]): void => {
  new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected);
  }).run(body);
};
const due = { x: undefined };
const never = (): boolean => false;
const restsFor = (restMs: () => number) => ({ restMs, isPressing: never });

describe('whenDue', () => {
  it('is due at once after a quiet time, then once per interval, and at the end', () => {
    inVirtualTime(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold(' -a-bc------d-|');
      const subs = '        ^------------!';
      const result = '      -x---x-----x-(x|)';
      expectObservable(source.pipe(whenDue(restsFor(() => 4)))).toBe(result, due);
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  it('asks for each rest when it begins', () => {
    inVirtualTime(({ cold, expectObservable }) => {
      const rests = [2, 6];
      const source = cold(' -abcdefghijk-');
      const result = '      -x-x-----x---';
      expectObservable(source.pipe(whenDue(restsFor(() => rests.shift() ?? 6))), '^------------!').toBe(result, due);
    });
  });

  it('is due at once at a value that presses, and rests as before', () => {
    inVirtualTime(({ cold, expectObservable }) => {
      let values = 0;
      const source = cold(' -ab-c---|');
      const result = '      -xx--x--(x|)';
      const isSecond = (): boolean => (values += 1) === 2;
      expectObservable(source.pipe(whenDue({ ...restsFor(() => 4), isPressing: isSecond }))).toBe(result, due);
    });
  });

  it('does not wait for the interval when the source ends', () => {
    inVirtualTime(({ cold, expectObservable }) => {
      expectObservable(cold('-ab|').pipe(whenDue(restsFor(() => 1_000)))).toBe('-x-(x|)', due);
    });
  });

  it('passes errors on at once', () => {
    inVirtualTime(({ cold, expectObservable }) => {
      expectObservable(cold('-ab#').pipe(whenDue(restsFor(() => 1_000)))).toBe('-x-#', due);
    });
  });

  it('keeps no timer while nothing comes', () => {
    inVirtualTime(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-');
      expectObservable(source.pipe(whenDue(restsFor(() => 4))), '^-----!').toBe('-');
      expectSubscriptions(source.subscriptions).toBe('^-----!');
    });
  });
});
