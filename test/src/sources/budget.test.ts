import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Budget } from '../../../src/sources/budget.js';

describe('Budget', () => {
  it('fills a share at its own bound and wakes it when it has room again', () => {
    let woken = 0;
    const share = new Budget(100, 1_000).share(() => woken++);
    share.hold(10, 60);
    expect(share.isFull).toBe(false);
    share.hold(20, 60);
    expect(share.isFull).toBe(true);
    share.free(9);
    expect([woken, share.used]).toEqual([0, 120]);
    share.free(10);
    expect([woken, share.used, share.isFull]).toEqual([1, 60, false]);
  });

  it('wakes a share that holds nothing when another one makes room', () => {
    let woken = 0;
    const budget = new Budget(100, 100);
    const [big, small] = [budget.share(() => undefined), budget.share(() => woken++)];
    big.hold(1, 100);
    expect(small.isFull).toBe(true);
    big.free(1);
    expect([woken, small.isFull]).toEqual([1, false]);
  });

  it('gives back everything of a share that ends, and does not wake it', () => {
    let woken = 0;
    const budget = new Budget(100, 100);
    const [ended, other] = [budget.share(() => woken++), budget.share(() => woken++)];
    ended.hold(5, 100);
    expect([ended.isFull, other.isFull]).toEqual([true, true]);
    ended.clear();
    expect([woken, budget.used, ended.used]).toEqual([1, 0, 0]);
  });

  it('never counts otherwise than what is out', () => {
    const steps = fc.array(fc.oneof(fc.record({ hold: fc.nat(50) }), fc.record({ free: fc.nat(200) })), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(steps, (all) => {
        const budget = new Budget(1_000, 1_000);
        const share = budget.share(() => undefined);
        let held: { next: number; bytes: number }[] = [];
        let next = 0;
        for (const step of all) {
          if ('hold' in step) {
            held.push({ next: ++next, bytes: step.hold });
            share.hold(next, step.hold);
          } else {
            held = held.filter((one) => one.next > step.free);
            share.free(step.free);
          }
          const sum = held.reduce((bytes, one) => bytes + one.bytes, 0);
          expect([share.used, budget.used]).toEqual([sum, sum]);
        }
      }),
    );
  });
});
