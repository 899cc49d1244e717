import * as t from 'io-ts';
import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import { throughRecords } from '../chunks/through-records.js';
import type { Chunk } from '../model/chunk.js';
import type { DedupeSetting } from '../model/settings.js';
import type { Telemetry } from '../model/telemetry.js';
import { memory, type PartitionState } from '../state/partition-state.js';

const StoredIds = t.type({ newestMs: t.union([t.number, t.null]), times: t.array(t.tuple([t.string, t.number])) });

/** Most message ids remembered of one device; beyond it the oldest go first. */
const mostIds = 4_096;

/** Event time by message id, in the order they came; and the newest of these times, epoch ms. */
interface RememberedIds {
  newestMs: number;
  readonly times: Map<string, number>;
}

/**
 * Skips a record whose message id its device has sent before.
 *
 * An id counts as sent before while its event time lies at most `windowMs` behind the newest event time remembered of the device.
 * Records without an id pass. Ids of records that turn out late are remembered too: sent again, they are duplicates.
 *
 *     source   -a-b-a-|     a, b: different message ids of one device
 *     result   -a-b-.-|     the second a is skipped as `duplicate`; its chunk is otherwise empty
 *
 * - Memory: at most 4,096 ids per device, in `state`; saved with the offset.
 * - Completion: passed on.
 * - Errors: pass through.
 * - Purity: no clock, no randomness; depends on the log alone.
 * - Cost: one map lookup per record that has an id.
 */
export const dedupe =
  (setting: DedupeSetting, state: PartitionState): MonoTypeOperatorFunction<Chunk<Telemetry>> =>
  (chunks$) =>
    defer(() => {
      const idsOf = state.ofDevice(dedupeMemory);
      return chunks$.pipe(
        map((chunk) =>
          throughRecords<Telemetry, Telemetry>('dedupe', chunk, (record, draft) => {
            const { messageId, device, eventTimeMs } = record.value;
            if (messageId === null) {
              draft.keep(record);
            } else if (isRepeated(idsOf(device), messageId, setting.windowMs)) {
              draft.turnAway(record.origin, { _tag: 'duplicate', messageId });
            } else {
              remember(idsOf(device), messageId, eventTimeMs, setting.windowMs);
              state.touch(device);
              draft.keep(record);
            }
          }),
        ),
      );
    });

const isRepeated = (ids: RememberedIds, id: string, windowMs: number): boolean => {
  const rememberedMs = ids.times.get(id);
  return rememberedMs !== undefined && rememberedMs >= ids.newestMs - windowMs;
};

const remember = (ids: RememberedIds, id: string, eventTimeMs: number, windowMs: number): void => {
  ids.times.delete(id);
  ids.times.set(id, eventTimeMs);
  if (eventTimeMs > ids.newestMs) ids.newestMs = eventTimeMs;
  // Whatever stands in front and is too old goes; what is too old further back is harmless until it comes to the front.
  for (const [oldest, atMs] of ids.times) {
    if (atMs >= ids.newestMs - windowMs && ids.times.size <= mostIds) break;
    ids.times.delete(oldest);
  }
};

const dedupeMemory = memory<RememberedIds, t.TypeOf<typeof StoredIds>>({
  name: 'dedupe',
  create: () => ({ newestMs: -Infinity, times: new Map() }),
  stored: StoredIds,
  store: ({ newestMs, times }) => ({ newestMs: Number.isFinite(newestMs) ? newestMs : null, times: [...times] }),
  restore: ({ newestMs, times }) => ({ newestMs: newestMs ?? -Infinity, times: new Map(times) }),
});
