import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { whenDue } from '../../../src/service/when-due.js';

const inVirtualTime = (body: Parameters<TestScheduler['run']>[0]): void => {
  new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected);
  }).run(body);
};
const due = { x: undefined };

describe('whenDue', () => {
  it('is due at once after a quiet time, then once per interval, and at the end', () => {
    inVirtualTime(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold(' -a-bc------d-|');
      const subs = '        ^------------!';
      const result = '      -x---x-----x-(x|)';
      expectObservable(source.pipe(whenDue(4))).toBe(result, due);
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  it('does not wait for the interval when the source ends', () => {
    inVirtualTime(({ cold, expectObservable }) => {
      expectObservable(cold('-ab|').pipe(whenDue(1_000))).toBe('-x-(x|)', due);
    });
  });

  it('passes errors on at once', () => {
    inVirtualTime(({ cold, expectObservable }) => {
      expectObservable(cold('-ab#').pipe(whenDue(1_000))).toBe('-x-#', due);
    });
  });

  it('keeps no timer while nothing comes', () => {
    inVirtualTime(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-');
      expectObservable(source.pipe(whenDue(4)), '^-----!').toBe('-');
      expectSubscriptions(source.subscriptions).toBe('^-----!');
    });
  });
});
