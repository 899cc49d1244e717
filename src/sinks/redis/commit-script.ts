import type { ToldWindow } from '../../../streams/model/window.js';
import type { DeviceTexts } from '../../../streams/state/device-texts.js';
import { JsonBytes } from '../../../streams/state/json/json-bytes.js';
import { writeWindow } from '../../results/stored-texts.js';
import type { Checkpoint, CommitResult } from '../../ports.js';
import { ServiceError } from '../../service-error.js';
import { storedOffset } from './stored-offset.js';
import { type PartitionKeys, partitionName } from './keys.js';
import type { RequestBytes } from './request-bytes.js';
import { Script, ScriptCall } from './script.js';

/**
 * The fenced commit: everything or nothing. A script does not roll back, so whatever can fail (another owner, another offset, a key
 * of the wrong type) is looked at before the first write; the header has the server refuse the rest (no memory, read-only, no
 * persistence, too few replicas) before the script begins.
 *
 * KEYS meta, devices, ids, alerts, cleared, then one per device and metric with closed windows.
 * ARGV epoch, expected, next, partition, keepWindows, keepAlerts, number of device arguments, number of alerts;
 *      id and text per device; id, version, cleared offset (or empty) and text per alert; per key of windows the number of them, then
 *      start and text of each, in order of start.
 */
export const commitScript = new Script(`#!lua
local meta, devices, ids, alerts, cleared = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local firstWindowKey, firstDevice = 6, 9

local function wrong(key, found)
  return redis.error_reply('WRONGTYPE ' .. key .. ' holds a ' .. found)
end
local function denied(key, command, ...)
  if redis.acl_check_cmd(command, key, ...) then return nil end
  return redis.error_reply('NOPERM the user may not run ' .. command .. ' on ' .. key)
end
local forbidden = denied(meta, 'HSET', '', '') or denied(devices, 'HSET', '', '') or denied(ids, 'ZADD', '0', '')
  or denied(alerts, 'HGET', '') or denied(alerts, 'HSET', '', '') or denied(alerts, 'HDEL', '')
  or denied(cleared, 'ZADD', '0', '') or denied(cleared, 'ZCARD') or denied(cleared, 'ZRANGE', '0', '0')
  or denied(cleared, 'ZREM', '')
if forbidden then return forbidden end
for i, type in ipairs({ 'hash', 'hash', 'zset', 'hash', 'zset' }) do
  local found = redis.call('TYPE', KEYS[i]).ok
  if found ~= type and found ~= 'none' then return wrong(KEYS[i], found) end
end

local held = redis.call('HMGET', meta, 'epoch', 'next')
local epoch, next = held[1], held[2]
if not epoch then return { 'ROLLED_BACK', next } end
if tonumber(epoch) > tonumber(ARGV[1]) then return { 'FENCED', epoch } end
if tonumber(epoch) < tonumber(ARGV[1]) then return { 'ROLLED_BACK', next } end
if (next or '') ~= ARGV[2] then return { 'OFFSET', next } end

local keepWindows, keepAlerts = tonumber(ARGV[5]), tonumber(ARGV[6])
local firstAlert = firstDevice + tonumber(ARGV[7])
local firstWindow = firstAlert + 4 * tonumber(ARGV[8])

local replaces, at = {}, firstWindow
for i = firstWindowKey, #KEYS do
  forbidden = denied(KEYS[i], 'ZADD', '0', '') or denied(KEYS[i], 'ZCOUNT', '0', '0')
    or denied(KEYS[i], 'ZRANGE', '0', '0') or denied(KEYS[i], 'ZREM', '') or denied(KEYS[i], 'ZREMRANGEBYRANK', '0', '0')
  if forbidden then return forbidden end
  local newer = redis.pcall('ZCOUNT', KEYS[i], ARGV[at + 1], '+inf')
  if type(newer) ~= 'number' then return wrong(KEYS[i], redis.call('TYPE', KEYS[i]).ok) end
  replaces[i] = newer > 0
  at = at + 1 + 2 * tonumber(ARGV[at])
end

local block = 256
for from = firstDevice, firstAlert - 1, block do
  local to = math.min(from + block, firstAlert) - 1
  local newcomers = redis.call('HSET', devices, unpack(ARGV, from, to))
  if newcomers > 0 then
    local scored = {}
    for i = from, to, 2 do
      scored[#scored + 1] = 0
      scored[#scored + 1] = ARGV[i]
    end
    redis.call('ZADD', ids, unpack(scored))
  end
end

local function storedVersion(id)
  local text = redis.call('HGET', alerts, id)
  local isJson, alert = pcall(cjson.decode, text or '')
  return isJson and type(alert) == 'table' and tonumber(alert.version) or 0
end
for i = firstAlert, firstWindow - 1, 4 do
  local id, clearedOffset = ARGV[i], ARGV[i + 2]
  if storedVersion(id) <= tonumber(ARGV[i + 1]) then
    redis.call('HSET', alerts, id, ARGV[i + 3])
    if clearedOffset ~= '' then redis.call('ZADD', cleared, clearedOffset, id) end
  end
end
if firstWindow > firstAlert then
  local surplus = redis.call('ZCARD', cleared) - keepAlerts
  while surplus > 0 do
    local oldest = redis.call('ZRANGE', cleared, 0, math.min(surplus, 1000) - 1)
    redis.call('HDEL', alerts, unpack(oldest))
    redis.call('ZREM', cleared, unpack(oldest))
    surplus = surplus - #oldest
  end
end

local function endOf(window) return string.match(window, '"endMs":(%d+)') end
at = firstWindow
for i = firstWindowKey, #KEYS do
  local last = at + 2 * tonumber(ARGV[at])
  for from = at + 1, last, block do
    local to = math.min(from + block - 1, last)
    for start = from, replaces[i] and to or 0, 2 do
      for _, held in ipairs(redis.call('ZRANGE', KEYS[i], ARGV[start], ARGV[start], 'BYSCORE')) do
        if endOf(held) == endOf(ARGV[start + 1]) then redis.call('ZREM', KEYS[i], held) end
      end
    end
    redis.call('ZADD', KEYS[i], unpack(ARGV, from, to))
  end
  redis.call('ZREMRANGEBYRANK', KEYS[i], 0, -keepWindows - 1)
  at = last + 1
end

redis.call('HSET', meta, 'partition', ARGV[4], 'next', ARGV[3])
return { 'APPLIED' }
`);

export interface Kept {
  readonly keepWindows: number;
  readonly keepAlerts: number;
}

export const commitCall = (keys: PartitionKeys, checkpoint: Checkpoint, kept: Kept): ScriptCall => {
  const { epoch, next, state, alerts, windows } = checkpoint;
  const closed = byKey(keys, windows);
  const expected = state.devices.bytes.length + deviceFraming * state.devices.length + windowBytes * windows.length;
  const fixed = [keys.meta, keys.devices, keys.ids, keys.alerts, keys.cleared];
  return new ScriptCall(
    [...fixed, ...closed.keys()],
    (request) => {
      request
        .text(String(epoch))
        .text(checkpoint.expected === null ? '' : String(checkpoint.expected))
        .text(String(next))
        .text(state.partition)
        .text(String(kept.keepWindows))
        .text(String(kept.keepAlerts))
        .text(String(2 * state.devices.length))
        .text(String(alerts.length));
      writeDevices(state.devices, request);
      for (const alert of alerts) {
        const { id, version, clearedOffset } = alert;
        request
          .text(id)
          .text(String(version))
          .text(String(clearedOffset ?? ''))
          .text(JSON.stringify(alert));
      }
      const json = new JsonBytes(closed.size === 0 ? 0 : windowBytes);
      for (const ofKey of closed.values()) {
        request.text(String(ofKey.length));
        for (const window of ofKey) writeClosed(window, json, request);
      }
    },
    4_096 + expected,
  );
};

/** About: an id, and the lengths of id and text; and a closed window with its key. */
const [deviceFraming, windowBytes] = [64, 640];

const writeClosed = (window: ToldWindow, json: JsonBytes, request: RequestBytes): void => {
  json.rewind(0);
  writeWindow(window, json);
  const text = json.taken();
  request.text(String(window.startMs)).range(text, 0, text.length);
};

const writeDevices = ({ ids, ends, bytes }: DeviceTexts, request: RequestBytes): void => {
  let start = 0;
  for (let i = 0; i < ids.length; i += 1) {
    const end = ends[i] ?? start;
    request.text(ids[i] ?? '').range(bytes, start, end);
    start = end;
  }
};

/** In order of start; of several of one span the last, as if they had come one by one. */
const byKey = (keys: PartitionKeys, windows: readonly ToldWindow[]): ReadonlyMap<string, readonly ToldWindow[]> => {
  const grouped = new Map<string, ToldWindow[]>();
  for (const window of windows) {
    const key = keys.windows(window, window.device);
    const known = grouped.get(key);
    if (known === undefined) grouped.set(key, [window]);
    else insert(known, window);
  }
  return grouped;
};

const insert = (sorted: ToldWindow[], window: ToldWindow): void => {
  const { startMs, endMs } = window;
  const same = sorted.findIndex((one) => one.startMs === startMs && one.endMs === endMs);
  if (same >= 0) sorted.splice(same, 1);
  let at = sorted.length;
  while (at > 0 && (sorted[at - 1]?.startMs ?? -Infinity) > startMs) at -= 1;
  sorted.splice(at, 0, window);
};

/**
 * What the script's reply means. The offset can differ from the expected one in three ways. It is our own `next`: the commit had
 * been applied and its reply was lost. It is less, or gone: the store lost writes. It is something else: under our own epoch only a
 * hand can have set it. Memory does not fit what is stored in the last two cases, and reading again from there is right in both.
 */
export const commitResult = (reply: unknown, checkpoint: Checkpoint): CommitResult => {
  const [tag, stored] = Array.isArray(reply) ? (reply as readonly unknown[]) : [];
  switch (tag) {
    case 'APPLIED':
      return { _tag: 'applied' };
    case 'FENCED':
      return { _tag: 'fenced' };
    case 'ROLLED_BACK':
      return { _tag: 'rolled_back', found: storedOffset(stored, checkpoint.source) };
    case 'OFFSET': {
      const found = storedOffset(stored, checkpoint.source);
      return found === checkpoint.next ? { _tag: 'applied' } : { _tag: 'rolled_back', found };
    }
    default:
      throw new ServiceError(
        'internal',
        `${partitionName(checkpoint.source)}: the commit script answered ${String(reply)}`,
      );
  }
};
