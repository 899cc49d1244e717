import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchEventLoop, type EventLoopWatch } from '../../../src/ops/event-loop.js';

let watch: EventLoopWatch;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  watch = watchEventLoop();
});
afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

const blocked = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

test('tells a loop that was blocked from one that was not', async () => {
  await new Promise((resolve) => setTimeout(resolve, 150));
  blocked(300);
  await new Promise((resolve) => setTimeout(resolve, 150));
  vi.advanceTimersByTime(5000);
  expect(watch.lag().maxMs).toBeGreaterThan(200);

  vi.advanceTimersByTime(5000);
  expect(watch.lag().maxMs).toBeLessThan(200);
});
