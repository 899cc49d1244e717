import type { ExpectedDevice } from '../oracle/fold.js';
import { episodeOf, type Place } from './alerts.js';
import { member } from './found.js';
import { openWindows, seenWindows } from './windows.js';

/** All that is remembered of a device. */
export const deviceOf = (device: ExpectedDevice, dedupeMs: number, place: Place): unknown => {
  const episodes = [...device.episodes.values()].filter(({ isNormal }) => !isNormal);
  return {
    ...(Number.isFinite(device.eventTimeMs) && { latest: latestOf(device), watermark: clockOf(device) }),
    ...(device.ids.size > 0 && {
      dedupe: rememberedIds(Math.max(-Infinity, ...device.ids.values()), [...device.ids], dedupeMs),
    }),
    ...(device.open.size + device.full.size > 0 && { window: openWindows(device) }),
    ...(episodes.length > 0 && {
      alert: Object.fromEntries(episodes.map((episode) => [episode.rule.id, episodeOf(episode, place)])),
    }),
  };
};

/** What was found of a device, without what may be one way or another. */
export const seenDevice = (device: unknown, dedupeMs: number): unknown => {
  if (typeof device !== 'object' || device === null) return device;
  const [window, alert] = [seenWindows(withoutShapes(member(device, 'window'))), member(device, 'alert')];
  return {
    ...withoutStaleIds(device, dedupeMs),
    window: isNone(window) ? undefined : window,
    ...(alert !== undefined && { alert: withoutShapes(alert) }),
  };
};

/** No window of any rule: only that some are partial. */
const isNone = (windows: unknown): boolean =>
  typeof windows === 'object' && windows !== null && Object.keys(windows).length === 0;

/** Which text names the shape of a rule is the service's own business; that there is one is not. */
const withoutShapes = (byRule: unknown): unknown =>
  typeof byRule === 'object' && byRule !== null
    ? Object.fromEntries(
        Object.entries(byRule).map(([rule, pair]: [string, unknown]) => {
          if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== 'string') return [rule, pair];
          return [rule, pair[1] as unknown];
        }),
      )
    : byRule;

const latestOf = ({ eventTimeMs, offset, quality, readings, profile }: ExpectedDevice): unknown => {
  const ages = [...readings].flatMap(([metric, { atMs }]) =>
    atMs === eventTimeMs ? [] : [[metric, eventTimeMs - atMs] as const],
  );
  return {
    eventTimeMs,
    offset,
    ...(quality !== 'good' && { quality }),
    values: Object.fromEntries([...readings].map(([metric, { value }]) => [metric, value])),
    ...(ages.length > 0 && { agesMs: Object.fromEntries(ages) }),
    profile: withoutNulls(profile),
  };
};

const withoutNulls = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value).flatMap(([key, one]) => (one === null ? [] : [[key, withoutNulls(one)]])),
      )
    : value;

const clockOf = ({ eventTimeMs, watermarkMs, heardMs }: ExpectedDevice): unknown => ({
  eventMs: eventTimeMs,
  ...(watermarkMs !== eventTimeMs && { watermarkAfterMs: watermarkMs - eventTimeMs }),
  ...(heardMs !== eventTimeMs && { heardAfterMs: heardMs - eventTimeMs }),
});

/** Message ids too old to matter may be remembered or not: both sides are told by those that matter. */
const rememberedIds = (newestMs: number, ids: readonly (readonly [string, number])[], dedupeMs: number): unknown => ({
  newestMs,
  times: Object.fromEntries(ids.filter(([, atMs]) => atMs >= newestMs - dedupeMs)),
});

const withoutStaleIds = (device: object, dedupeMs: number): object => {
  const dedupe = member(device, 'dedupe');
  const [newestMs, ids, ages] = [member(dedupe, 'newestMs'), member(dedupe, 'ids'), member(dedupe, 'agesMs')];
  if (typeof newestMs !== 'number' || !Array.isArray(ids) || !Array.isArray(ages)) return device;
  const times = (ids as readonly string[]).map((id, i) => [id, newestMs - Number(ages[i])] as const);
  return { ...device, dedupe: rememberedIds(newestMs, times, dedupeMs) };
};
