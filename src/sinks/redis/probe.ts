import type { RedisConfig } from '../../config/config.js';
import type { Finding } from '../../ports.js';
import { ServiceError } from '../../service-error.js';

/** Looks at everything the service will need of Redis and changes nothing. Faults are findings: it never rejects. */
export const probeRedis = (_config: RedisConfig): Promise<readonly Finding[]> =>
  Promise.reject(new ServiceError('internal', 'not there yet'));
