import type { RedisConfig } from '../../config/config.js';
import type { Report } from '../../events.js';
import type { StateStore } from '../../ports.js';
import { ServiceError } from '../../service-error.js';

export interface RedisStoreOptions {
  readonly config: RedisConfig;
  /** The consumer group: its part of the keys. */
  readonly group: string;
  readonly report: Report;
}

/** State and results in Redis. Nothing is connected before `open`. */
export const redisStore = (_options: RedisStoreOptions): StateStore => {
  throw new ServiceError('internal', 'not there yet');
};
