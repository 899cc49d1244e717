import { chromium } from './chromium.js';
import { kafka } from './kafka.js';
import { reasonOf, type Part } from './part.js';
import { redis } from './redis.js';
import { sayHad, sayLoudly } from './say.js';

export interface Servers {
  /** `KAFKA_BROKERS`, `REDIS_ENDPOINT`, `CHROMIUM`. */
  readonly env: Readonly<Record<string, string>>;
  /** Stops what was started here, and nothing else. */
  readonly stop: () => Promise<void>;
}

/** Everything real that tests need: from the environment, else from Docker, else started here. Null, said loudly, if a part can't be had. */
export const bringUp = async (): Promise<Servers | null> => {
  const began = performance.now();
  const bring = async (what: () => Promise<Part>): Promise<Part> => {
    const part = await what();
    sayHad(part, began);
    return part;
  };
  const results = await Promise.allSettled([kafka, redis, chromium].map(bring));
  const parts = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.allSettled(parts.map((part) => part.stop()));
  };
  const missing = results.flatMap((result) => (result.status === 'rejected' ? [reasonOf(result.reason)] : []));
  if (missing.length === 0) return { env: Object.assign({}, ...parts.map(({ env }) => env)) as Servers['env'], stop };
  await stop();
  sayLoudly([
    ...missing,
    'Tests with real servers are not left out when there are none: this is a failure. "npm run test:unit" is the part that needs none.',
  ]);
  return null;
};
