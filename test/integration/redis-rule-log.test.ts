import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { redisRuleLog } from '../../src/sinks/redis/rule-log.js';
import { ruleLogConformance } from '../conformance/rule-log.js';
import { redisConfig } from './redis-servers.js';

const endpoint = process.env['REDIS_ENDPOINT'] ?? '';
const config = redisConfig([endpoint]);

ruleLogConformance('Redis', () => {
  const group = `test-${randomUUID()}`;
  const [log, other] = [redisRuleLog({ config, group }), redisRuleLog({ config, group })];
  return Promise.resolve({
    log,
    other,
    close: async () => {
      await Promise.all([log.close(), other.close()]);
      const redis = new Redis(`redis://${endpoint}`);
      await redis.del(`weir:${group}:rules`);
      redis.disconnect();
    },
  });
});
