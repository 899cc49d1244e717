import { describe, expect, it } from 'vitest';
import { Turns } from '../../../src/sources/turns.js';

const rig = () => {
  let clock = 0;
  const queued: (() => void)[] = [];
  const turns = new Turns({ sliceMs: 8, nowMs: () => clock, later: (run) => void queued.push(run) });
  const goRound = (): boolean => {
    const run = queued.shift();
    run?.();
    return run !== undefined;
  };
  return { turns, goRound, spend: (ms: number) => (clock += ms), isIdle: () => queued.length === 0 };
};

describe('Turns', () => {
  it('never works inside the call, and asks for one round however often it is asked', () => {
    const { turns, goRound, isIdle } = rig();
    let ran = 0;
    const slice = (): boolean => (ran++, false);
    turns.request(slice);
    turns.request(slice);
    expect(ran).toBe(0);
    goRound();
    expect([ran, isIdle()]).toEqual([1, true]);
  });

  it('gives everybody a slice before anybody has a second one', () => {
    const { turns, goRound } = rig();
    const order: string[] = [];
    const worker = (name: string, slices: number) => () => (order.push(name), --slices > 0);
    turns.request(worker('a', 3));
    turns.request(worker('b', 1));
    turns.request(worker('c', 2));
    goRound();
    expect(order.join('')).toBe('abcaca');
  });

  it('lets the event loop go round after 8 ms and then goes on where it was', () => {
    const { turns, goRound, spend, isIdle } = rig();
    const order: string[] = [];
    const worker = (name: string, slices: number) => () => (order.push(name), spend(5), --slices > 0);
    turns.request(worker('a', 2));
    turns.request(worker('b', 2));
    goRound();
    expect(order.join('')).toBe('ab');
    goRound();
    expect([order.join(''), isIdle()]).toEqual(['abab', true]);
  });

  it('tells a slice when its time is over', () => {
    const { turns, goRound, spend } = rig();
    const seen: boolean[] = [];
    turns.request((isDue) => {
      seen.push(isDue());
      spend(8);
      seen.push(isDue());
      return false;
    });
    goRound();
    expect(seen).toEqual([false, true]);
  });
});
