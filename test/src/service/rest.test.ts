import { describe, expect, it } from 'vitest';
import { restAfter } from '../../../src/service/rest.js';

describe('restAfter', () => {
  it('is a quarter of the interval when little was written', () => {
    expect([restAfter(0, 1_000), restAfter(312, 1_000)]).toEqual([250, 250]);
  });

  it('grows with the devices written, and is never longer than the interval', () => {
    expect([restAfter(500, 1_000), restAfter(1_000, 1_000), restAfter(1_250, 1_000)]).toEqual([400, 800, 1_000]);
    expect([restAfter(100_000, 1_000), restAfter(100_000, 50)]).toEqual([1_000, 50]);
  });
});
