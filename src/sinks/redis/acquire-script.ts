import type { Held } from '../../ports.js';
import type { PartitionKeys } from './keys.js';
import { Script, ScriptCall } from './script.js';

/**
 * Makes the caller the only writer of a partition, and reads what must be read in the same moment.
 *
 * The epoch is the server's clock in ms, or one more than the stored one, whichever is greater. A plain counter would begin anew after
 * FLUSHALL, or hand out a number twice when a failover loses an acquisition; then two processes would hold the same epoch.
 * The index of ids is made anew when it does not fit the devices.
 *
 * KEYS meta, devices, ids. ARGV epoch and next offset last known, or empty.
 * Gives epoch, next, partition, 1 when what was known is still true.
 */
export const acquireScript = new Script(`#!lua
local meta, devices, ids = KEYS[1], KEYS[2], KEYS[3]
for i, type in ipairs({ 'hash', 'hash', 'zset' }) do
  local found = redis.call('TYPE', KEYS[i]).ok
  if found ~= type and found ~= 'none' then
    return redis.error_reply('WRONGTYPE ' .. KEYS[i] .. ' holds a ' .. found)
  end
end
if not redis.acl_check_cmd('HSET', meta, '', '') or not redis.acl_check_cmd('DEL', ids)
  or not redis.acl_check_cmd('ZADD', ids, '0', '') then
  return redis.error_reply('NOPERM the user may not run HSET, DEL and ZADD on the keys of ' .. meta)
end

local held = redis.call('HMGET', meta, 'epoch', 'next', 'partition')
local stored, next = held[1], held[2]
if stored and not string.match(stored, '^%d+$') then
  return redis.error_reply('CORRUPT the epoch in ' .. meta .. ' is no number')
end
local isHeld = stored and stored == ARGV[1] and (next or '') == ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local epoch = string.format('%.0f', math.max((tonumber(stored) or 0) + 1, now))

if redis.call('ZCARD', ids) ~= redis.call('HLEN', devices) then
  redis.call('DEL', ids)
  local all = redis.call('HKEYS', devices)
  for from = 1, #all, 1000 do
    local scored = {}
    for i = from, math.min(from + 999, #all) do
      scored[#scored + 1] = 0
      scored[#scored + 1] = all[i]
    end
    redis.call('ZADD', ids, unpack(scored))
  end
end
redis.call('HSET', meta, 'epoch', epoch)
return { epoch, next, held[3], isHeld and 1 or 0 }
`);

export const acquireCall = (keys: PartitionKeys, held: Held | null): ScriptCall =>
  ScriptCall.of(
    [keys.meta, keys.devices, keys.ids],
    held === null ? ['', ''] : [String(held.epoch), held.next === null ? '' : String(held.next)],
  );
