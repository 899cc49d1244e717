import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { redisCareStore } from '../../src/sinks/redis/care-store.js';
import { redisStore } from '../../src/sinks/redis/store.js';
import { careConformance } from '../conformance/care.js';
import { redisConfig } from './redis-servers.js';

const endpoint = process.env['REDIS_ENDPOINT'] ?? '';
const config = redisConfig([endpoint]);

careConformance('Redis', async () => {
  const group = `test-${randomUUID()}`;
  const store = redisStore({ config, group, report: () => undefined });
  await store.open();
  const [care, other] = [redisCareStore({ config, group }), redisCareStore({ config, group })];
  return {
    store,
    care,
    other,
    close: async () => {
      await Promise.all([store.close(), care.close(), other.close()]);
      const redis = new Redis(`redis://${endpoint}`);
      const keys = await redis.keys(`*${group}*`);
      if (keys.length > 0) await redis.del(keys);
      redis.disconnect();
    },
  };
});
