import { account } from './account.js';
import { Chance } from './chance.js';
import { Havoc } from './havoc.js';
import { Stage } from './stage.js';
import type { Verdict } from './verdict.js';
import { Watch } from './watch.js';

export interface TrialOptions {
  readonly brokers: string;
  readonly redis: string;
  readonly seed: number;
  readonly records: number;
  readonly ratePerSecond: number;
  readonly devices: number;
  readonly tell: (line: string) => void;
}

export interface Tried {
  readonly verdict: Verdict;
  readonly havoc: Havoc;
  /** Everything that was not as it must be, in the end or in between. */
  readonly faults: readonly string[];
}

const sessionTimeoutMs = 6_000;
const lookEveryMs = 300;
const shares = ['--bad', '0.01', '--late', '0.03', '--future', '0.005', '--duplicate', '0.02'];

/** Two services in one group and a producer; the services are killed, stopped and started again until everything is produced. */
export const trial = async (options: TrialOptions): Promise<Tried> => {
  const { brokers, redis, seed, records, ratePerSecond, devices, tell } = options;
  const stage = await Stage.set({ brokers, redis, partitions: 8, sessionTimeoutMs });
  try {
    tell(`seed ${seed}: WEIR_E2E_SEED=${seed} strikes the same blows`);
    const havoc = new Havoc({
      chance: new Chance(seed),
      services: 2,
      spawn: (number) => stage.service(`service-${number}`),
      sessionTimeoutMs,
      tell,
    });
    const began = performance.now();
    havoc.begin();
    const watch = new Watch(stage, lookEveryMs);
    const sizes = ['--devices', String(devices), '--count', String(records), '--rate', String(ratePerSecond)];
    const producer = stage.producer(['--shape', 'mixed', '--seed', String(seed % 1_000_000), ...sizes, ...shares]);
    await havoc.rage(() => producer.end !== null);
    if (producer.end !== 0) throw new Error(`the producer ended with ${String(producer.end)}\n${producer.output}`);
    await stage.settled();
    await watch.stop();
    const seconds = (performance.now() - began) / 1_000;
    tell(`settled after ${seconds.toFixed(1)} s: ${Math.round(records / seconds)} records/s, blows and all`);
    const verdict = await stage.judge(watch.glimpses);
    tell(`${watch.glimpses.length} looks at the store meanwhile`);
    account(verdict, havoc).forEach(tell);
    return { verdict, havoc, faults: [...watch.steppedBack, ...verdict.differences] };
  } finally {
    await stage.strike();
  }
};
