import type { CareStore } from '../../care/desk.js';
import { sourceOfAlert } from '../../care/desk.js';
import type { RedisConfig } from '../../config/config.js';
import { partitionKeys, partitionName } from './keys.js';
import { Questions } from './questions.js';
import { Script, ScriptCall } from './script.js';

/**
 * Writes care if nobody else has meanwhile.
 *
 * KEYS alerts, care. ARGV id, the care expected (empty: none), the care to be. Gives WRITTEN, CHANGED or UNKNOWN.
 */
const writeScript = new Script(`#!lua
local alerts, care = KEYS[1], KEYS[2]
local id, expected, next = ARGV[1], ARGV[2], ARGV[3]
if redis.call('HEXISTS', alerts, id) == 0 then return 'UNKNOWN' end
if (redis.call('HGET', care, id) or '') ~= expected then return 'CHANGED' end
for _, other in ipairs(redis.call('HKEYS', care)) do
  if redis.call('HEXISTS', alerts, other) == 0 then redis.call('HDEL', care, other) end
end
redis.call('HSET', care, id, next)
return 'WRITTEN'
`);

export interface RedisCareStoreOptions {
  readonly config: RedisConfig;
  readonly group: string;
}

/** In the hash `P:care` of the partition that the alert lies in: alert id → JSON. */
export const redisCareStore = ({ config, group }: RedisCareStoreOptions): CareStore => {
  const questions = new Questions(config, 'weir-care');
  const keysOf = (id: string) => {
    const source = sourceOfAlert(id);
    return source === null ? null : partitionKeys(group, partitionName(source));
  };
  return {
    read: async (id) => {
      const keys = keysOf(id);
      if (keys === null) return { alert: null, care: null };
      return questions.ask(async (client) => {
        const [alert, care] = await Promise.all([client.hget(keys.alerts, id), client.hget(keys.care, id)]);
        return { alert, care };
      });
    },
    write: async (id, expected, care) => {
      const keys = keysOf(id);
      if (keys === null) return 'unknown';
      const call = ScriptCall.of([keys.alerts, keys.care], [id, expected ?? '', care]);
      const reply = await questions.ask((client) => writeScript.run(client, call));
      return reply === 'WRITTEN' ? 'written' : reply === 'CHANGED' ? 'changed' : 'unknown';
    },
    close: () => questions.close(),
  };
};
