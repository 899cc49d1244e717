import type { RedisConfig } from '../../config/config.js';
import type { Finding } from '../../ports.js';
import { lookAtServers } from './checks.js';
import { closeClient, createClient, defaultPatience, type Patience } from './client.js';
import { asRedisError } from './faults.js';
import { LastError } from './last-error.js';
import { within } from './within.js';

/** Looks at everything the service will need of Redis and changes nothing. Faults are findings: it never rejects. */
export const probeRedis = async (
  config: RedisConfig,
  patience: Patience = defaultPatience,
): Promise<readonly Finding[]> => {
  const what = `redis ${config.endpoints.join(', ')}`;
  const client = createClient(config, 'weir-check', patience);
  const last = new LastError([client]);
  try {
    return await within(patience.connectMs, lookAtServers(client, config), () => last.error);
  } catch (error) {
    return [{ what, verdict: 'fault', detail: asRedisError(last.error ?? error, what).message }];
  } finally {
    closeClient(client);
  }
};
