import { map, NEVER, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  all,
  cleared,
  closed,
  deadLetter,
  late,
  type MarbleTools,
  marbles,
  nothing,
  raised,
  runMarbles,
  skipped,
} from '../kit/index.js';

const failure = (body: (tools: MarbleTools) => void): string => {
  try {
    runMarbles(body);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'it passed';
};

describe('marbles', () => {
  const order: string[] = [];

  marbles('registers a test and runs it in virtual time', ({ cold, expectObservable, time }) => {
    order.push('body');
    expect(time('---|')).toBe(3);
    expectObservable(cold('-a 9ms b|')).toBe('-a 9ms b|');
  });

  it('ran it', () => expect(order).toEqual(['body']));

  marbles('gives every test a state of its own, and offsets from 0', ({ chunk, state }) => {
    expect(chunk(7).records.map(({ origin, value }) => [origin.offset, value.eventTimeMs])).toEqual([[0, 7]]);
    expect([...state.devices()].map(({ id }) => id)).toEqual(['d1']);
  });

  marbles('takes settings in part', { window: { sizeMs: 10 } }, ({ settings }) => {
    expect(settings.window).toEqual({ sizeMs: 10, allowedLatenessMs: 4_000, metrics: null });
  });
});

describe('a failing marble', () => {
  it('is drawn beside what was expected, and every difference is told', () => {
    const message = failure(({ cold, chunk, expectObservable }) => {
      const [a, b] = [chunk(1), chunk(4)];
      expectObservable(cold('-a-b-|', { a, b: { ...b, rejected: [] } })).toBe('-a-L-|', {
        a,
        L: all(chunk(), late(9)),
      });
    });
    expect(message).toBe(
      [
        'the observable is not as its marble says',
        '  expected  -a-L-|',
        '  came      -a-?-|',
        '  at 3: + record: d1 at 4: 20 NaN NaN',
        '  at 3: - dead letter: late, lateByMs 9',
      ].join('\n'),
    );
  });

  it('tells what came too early, too late, too much or not at all', () => {
    expect(failure(({ cold, expectObservable }) => expectObservable(cold('-a--b|')).toBe('-a-b-|'))).toContain(
      'at 4: came, but was expected at 3: a value b',
    );
    expect(failure(({ cold, expectObservable }) => expectObservable(cold('-a-b|')).toBe('-a--|'))).toContain(
      'came      -a-b|',
    );
    expect(failure(({ expectObservable }) => expectObservable(NEVER).toBe('--|'))).toContain(
      'at 2: did not come: completion',
    );
  });

  it('tells an error with its stack', () => {
    const message = failure(({ expectObservable }) =>
      expectObservable(throwError(() => new Error('broken'))).toBe('|'),
    );
    expect(message).toMatch(/- completion\n.*\+ the error Error: broken\n +at /);
  });

  it('draws subscriptions', () => {
    const message = failure(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-b-|');
      expectObservable(source, '^--!').toBe('-a-');
      expectSubscriptions(source.subscriptions).toBe('^----!');
    });
    expect(message).toBe('subscriptions are not as their marble says\n  expected  ^----!\n  came      ^--!');
  });

  it('points to the line of the test that said what was expected', () => {
    let stack: string | undefined;
    try {
      runMarbles(({ cold, expectObservable }) => {
        expectObservable(cold('-a')).toBe('-a');
        expectObservable(cold('-a')).toBe('-b');
      });
    } catch (error) {
      stack = error instanceof Error ? error.stack : undefined;
    }
    const [frame] = (stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
    expect(frame).toContain('proof/marbles.test.ts');
  });

  it('is one that says nothing of what it expects', () => {
    expect(failure(({ cold, expectObservable }) => void expectObservable(cold('-a')))).toContain(
      'without toBe or toEqual',
    );
    expect(failure(({ cold, expectSubscriptions }) => void expectSubscriptions(cold('-a').subscriptions))).toContain(
      'without toBe',
    );
  });

  it('tells a source that was never subscribed', () => {
    const message = failure(({ cold, expectSubscriptions }) =>
      expectSubscriptions(cold('-a-').subscriptions).toBe('^-!'),
    );
    expect(message).toContain('came      no subscription');
  });

  it('compares plain values as they are', () => {
    const message = failure(({ cold, expectObservable }) =>
      expectObservable(cold('-a', { a: 2 }).pipe(map((n) => ({ n, deep: [n] })))).toBe('-a', {
        a: { n: 2, deep: [3] },
      }),
    );
    expect(message).toContain('- {"n":2,"deep":[3]}\n  at 1: + {"n":2,"deep":[2]}');
  });

  it('says that a metric is not in the settings', () => {
    expect(failure(({ chunk }) => void chunk({ readings: { heat: 1 } }))).toBe(
      `there is no metric "heat" in this test's settings`,
    );
  });
});

describe('a claim', () => {
  const window_ = {
    device: 'd1',
    metric: 'temperature',
    startMs: 0,
    endMs: 10,
    count: 2,
    sum: 3,
    min: 1,
    max: 2,
    mean: 1.5,
    variance: 0.25,
    first: 1,
    last: 2,
    revision: 1,
    isClosed: true,
  };
  const against = (expected: unknown, bring: (tools: MarbleTools) => unknown): string =>
    failure((tools) => {
      tools.expectObservable(tools.cold('a', { a: bring(tools) })).toBe('a', { a: expected });
    });
  const withWindow = ({ chunk }: MarbleTools) => ({ ...chunk(1), windows: [window_] });

  it('looks at what it names and at nothing else of it', () => {
    expect(against(closed([0, 10], [1, 2]), withWindow)).toBe('it passed');
    expect(against(closed([0, 10], [1, 2], { revision: 2 }), withWindow)).toMatch(
      /- window: .*revision 2\n.*\+ window: .*revision 1/,
    );
    expect(against(closed([0, 10], [1, 3]), withWindow)).toContain('- window: startMs 0, endMs 10, count 2, sum 4');
  });

  it('claims that what it does not name is not there', () => {
    expect(against(nothing, withWindow)).toContain('+ window: device d1, metric temperature');
    expect(against(raised('hot'), withWindow)).toMatch(/\+ window: [\s\S]*- alert: rule hot, state active/);
    expect(against(all(closed([0, 10], [1, 2]), cleared('hot')), withWindow)).toContain(
      '- alert: rule hot, state cleared',
    );
    expect(against(deadLetter('schema', { path: 'x' }), ({ chunk }) => chunk(1))).toContain(
      '- dead letter: path x, schema',
    );
    expect(against(skipped('duplicate'), ({ chunk }) => chunk(1))).toContain('- skipped: duplicate');
  });

  it('forgives the last bits of a sum, and nothing more', () => {
    const sums = ({ chunk }: MarbleTools) => ({ ...chunk(1), windows: [{ ...window_, sum: 3 + 1e-12 }] });
    expect(against(closed([0, 10], [1, 2]), sums)).toBe('it passed');
    expect(against(closed([0, 10], [1, 2], { sum: 3 + 1e-6 }), sums)).toContain('sum 3.000001');
  });

  it('fails on what is no chunk', () => {
    expect(against(nothing, () => 'a text')).toContain('- a chunk, which this is not');
  });
});
