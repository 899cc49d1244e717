import { describe, expect, it } from 'vitest';
import {
  beginning,
  supervise,
  type Action,
  type Bounds,
  type Signal,
} from '../../../../../src/sources/kafka/group/supervisor.js';

const bounds: Bounds = { maxRebuilds: 2, patienceMs: 90, steadyAfterMs: 30, giveUpAfterMs: 300, firstBackoffMs: 5 };

/** Runs signals at their times; returns what was done, `none` left out. */
const run = (...signals: readonly (readonly [atMs: number, signal: Signal])[]): readonly Action[] => {
  let state = beginning(0);
  const actions: Action[] = [];
  for (const [atMs, signal] of signals) {
    const [next, action] = supervise(state, signal, atMs, bounds);
    state = next;
    if (action._tag !== 'none') actions.push(action);
  }
  return actions;
};

const joined: Signal = { _tag: 'joined' };
const tick: Signal = { _tag: 'tick' };
const starting: Signal = { _tag: 'starting' };
const crash = (willRestart: boolean): Signal => ({ _tag: 'crashed', why: 'broker away', willRestart, refused: null });
const stalled: Signal = { _tag: 'stalled', why: 'silence' };

describe('supervise', () => {
  it('leaves a consumer alone that runs, or that comes back by itself in time', () => {
    expect(run([0, joined], [10, crash(true)], [50, tick], [80, joined], [200, tick])).toEqual([]);
  });

  it('rebuilds one that will not restart, one that is silent, and one that does not come back', () => {
    const once = (why: string): Action => ({ _tag: 'rebuild', attempt: 1, afterMs: 0, why });
    expect(run([0, joined], [10, crash(false)])).toEqual([once('broker away')]);
    expect(run([0, joined], [10, stalled])).toEqual([once('silence')]);
    expect(run([0, joined], [10, crash(true)], [60, crash(true)], [99, tick], [101, tick])).toEqual([
      once('broker away'),
    ]);
    expect(run([0, starting], [89, tick], [95, tick])).toEqual([once('no join for 0 s')]);
  });

  it('hears silence only from one that has joined', () => {
    expect(run([0, starting], [10, stalled])).toEqual([]);
  });

  it('waits longer before each attempt and gives up after the last', () => {
    const failed: Signal = { _tag: 'rebuild_failed', why: 'no route', refused: null };
    expect(run([0, joined], [10, crash(false)], [12, failed], [14, failed])).toEqual([
      { _tag: 'rebuild', attempt: 1, afterMs: 0, why: 'broker away' },
      { _tag: 'rebuild', attempt: 2, afterMs: 5, why: 'no route' },
      { _tag: 'give_up', why: 'rebuilt 2 times, last: no route' },
    ]);
  });

  it('forgets earlier attempts once it has run steadily', () => {
    const actions = run(
      [0, joined],
      [10, crash(false)],
      [11, starting],
      [12, joined],
      [43, tick],
      [50, crash(false)],
      [51, starting],
      [52, joined],
      [83, tick],
      [90, crash(false)],
    );
    expect(actions).toMatchObject([{ attempt: 1 }, { attempt: 1 }, { attempt: 1 }]);
  });

  it('gives up on one that crashes and joins for ever without ever running steadily', () => {
    const flapping = Array.from({ length: 40 }, (_, i): readonly (readonly [number, Signal])[] => [
      [i * 10, crash(true)],
      [i * 10 + 5, joined],
      [i * 10 + 6, tick],
    ]).flat();
    expect(run([0, joined], ...flapping)).toEqual([{ _tag: 'give_up', why: 'in trouble for 0 s, last: broker away' }]);
  });

  it('gives up at once on what no retry can change, and does nothing after that', () => {
    const refused: Signal = { _tag: 'crashed', why: 'x', willRestart: true, refused: 'not allowed' };
    expect(run([0, joined], [10, refused], [11, crash(false)], [500, tick])).toEqual([
      { _tag: 'give_up', why: 'not allowed' },
    ]);
  });
});
