import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late timers fired over the last `overMs`, milliseconds. */
export interface EventLoopLag {
  readonly overMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface EventLoopWatch {
  lag(): EventLoopLag;
  stop(): void;
}

/** Often enough to see what blocks for long, seldom enough to let an idle process sleep. */
const resolutionMs = 100;
const everyMs = 5000;

/** Watches by a 100 ms timer in native code. What it records includes that interval, which is taken off again here. */
export const watchEventLoop = (): EventLoopWatch => {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  let last: EventLoopLag = { overMs: everyMs, p50Ms: 0, p99Ms: 0, maxMs: 0 };
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolutionMs);
  const take = (): void => {
    last = {
      overMs: everyMs,
      p50Ms: late(histogram.percentile(50)),
      p99Ms: late(histogram.percentile(99)),
      maxMs: late(histogram.max),
    };
    histogram.reset();
  };
  const timer = setInterval(take, everyMs).unref();
  return {
    lag: () => last,
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  };
};
