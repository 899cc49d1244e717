import type { RedisConfig } from '../../config/config.js';
import { keptRules, type RuleEntry, type RuleLog } from '../../rules/rule-log.js';
import { ServiceError } from '../../service-error.js';
import type { Client } from './client.js';
import { rulesKey } from './keys.js';
import { Questions } from './questions.js';
import { Script, ScriptCall } from './script.js';

/**
 * Puts rules in force unless they are: the sequence counts on, and what is too old goes.
 *
 * KEYS rules. ARGV version, text, how many are kept. Gives the sequence in force.
 */
const activateScript = new Script(`#!lua
local rules = KEYS[1]
local active = redis.call('HGET', rules, 'active')
if active and redis.call('HGET', rules, active .. ':version') == ARGV[1] then return active end
local sequence = string.format('%.0f', (tonumber(active) or 0) + 1)
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('HSET', rules, sequence .. ':version', ARGV[1], sequence .. ':text', ARGV[2], sequence .. ':at', now, 'active', sequence)
local old = string.format('%.0f', sequence - tonumber(ARGV[3]))
redis.call('HDEL', rules, old .. ':version', old .. ':text', old .. ':at')
return sequence
`);

export interface RedisRuleLogOptions {
  readonly config: RedisConfig;
  readonly group: string;
}

/** In the hash `weir:<group>:rules`: `active`, and of each sequence `<n>:version`, `<n>:text`, `<n>:at`. */
export const redisRuleLog = ({ config, group }: RedisRuleLogOptions): RuleLog => {
  const questions = new Questions(config, 'weir-rules');
  const key = rulesKey(group);
  /** What `newest` found last: mostly it is still so, and one question says both. */
  let last = 0;
  const activeSequence = async (client: Client): Promise<number> => Number((await client.hget(key, 'active')) ?? 0);
  return {
    active: () =>
      questions.ask(async (client) => {
        const sequence = await activeSequence(client);
        return sequence === 0 ? null : entryOf(client, key, sequence);
      }),
    newest: () =>
      questions.ask(async (client) => {
        const [active, version] = await client.hmget(key, 'active', `${last}:version`);
        const sequence = Number(active ?? 0);
        if (sequence === 0) return null;
        if (sequence === last) return { sequence, version: version ?? '' };
        last = sequence;
        // Gone when 20 others came in between: then this is not the newest any more.
        return { sequence, version: (await client.hget(key, `${sequence}:version`)) ?? '' };
      }),
    activate: ({ version, text }) =>
      questions.ask(async (client) => {
        const call = ScriptCall.of([key], [version, text, String(keptRules)]);
        return entryOf(client, key, Number(await activateScript.run(client, call)));
      }),
    history: () =>
      questions.ask(async (client) => {
        const newest = await activeSequence(client);
        const count = Math.min(newest, keptRules);
        return Promise.all(Array.from({ length: count }, (_, i) => entryOf(client, key, newest - i)));
      }),
    close: () => questions.close(),
  };
};

const entryOf = async (client: Client, key: string, sequence: number): Promise<RuleEntry> => {
  const [version, text, at] = await client.hmget(key, `${sequence}:version`, `${sequence}:text`, `${sequence}:at`);
  if (version == null || text == null || !Number.isSafeInteger(Number(at))) {
    const message = `${key}: the rules ${sequence} are incomplete; put rules in force again (POST /ops/reload), or delete the key`;
    throw new ServiceError('state_corrupt', message);
  }
  return { sequence, version, text, activatedAtMs: Number(at) };
};
