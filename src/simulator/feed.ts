import { setTimeout as wait } from 'node:timers/promises';
import { Pace } from './pace.js';
import { type SimulatedRecord, Simulator, type Shares } from './simulator.js';

export interface FeedOptions {
  readonly devices: number;
  readonly ratePerSecond: number;
  readonly seed: number;
  readonly append: (record: SimulatedRecord) => void;
}

/** Enough of each that the page has something to show, and little enough that the fleet looks healthy. */
const demoShares: Shares = { bad: 0.004, late: 0.004, future: 0.001, duplicate: 0.004 };
const everyMs = 20;

/** A fleet in real time, in all three formats, until the signal is given. Something goes wrong in it within seconds. */
export const feed = async (
  { devices, ratePerSecond, seed, append }: FeedOptions,
  signal: AbortSignal,
): Promise<void> => {
  const simulator = new Simulator({
    devices,
    seed,
    shape: 'mixed',
    shares: demoShares,
    startMs: Date.now(),
    stepMs: 1_000 / ratePerSecond,
    hasEarlyExcursion: true,
  });
  const pace = new Pace(ratePerSecond, performance.now());
  while (!signal.aborted) {
    const { count, skippedMs } = pace.due(performance.now());
    simulator.skip(skippedMs);
    for (let i = 0; i < count; i += 1) append(simulator.next());
    await wait(Math.max(everyMs, pace.nextMs - performance.now()), undefined, { signal }).catch(() => undefined);
  }
};
