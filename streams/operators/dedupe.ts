import { map as mapRight } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import { throughRecords } from '../chunks/through-records.js';
import type { Chunk } from '../model/chunk.js';
import type { DedupeSetting } from '../model/settings.js';
import type { Telemetry } from '../model/telemetry.js';
import { ConstantBytes } from '../state/json/constant-bytes.js';
import type { Memory, PartitionState, WriteJson } from '../state/partition-state.js';

/** Message ids in the order they came, and how far each one's event time lies behind the newest. */
const StoredIds = t.refinement(
  t.type({ newestMs: t.number, ids: t.array(t.string), agesMs: t.array(t.number) }),
  ({ ids, agesMs }) => ids.length === agesMs.length,
  'as many agesMs as ids',
);
type StoredIds = t.TypeOf<typeof StoredIds>;

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

const member = {
  newest: new ConstantBytes('{"newestMs":'),
  ids: new ConstantBytes(',"ids":['),
  ages: new ConstantBytes('],"agesMs":['),
  end: new ConstantBytes(']}'),
};
const comma = 0x2c;

const write =
  ({ newestMs, times }: RememberedIds): WriteJson =>
  (json) => {
    if (times.size === 0) return false;
    json.constant(member.newest);
    json.number(newestMs);
    json.constant(member.ids);
    let before = json.length;
    for (const id of times.keys()) {
      if (json.length > before) json.sign(comma);
      json.string(id);
    }
    json.constant(member.ages);
    before = json.length;
    for (const atMs of times.values()) {
      if (json.length > before) json.sign(comma);
      json.number(newestMs - atMs);
    }
    json.constant(member.end);
    return true;
  };

const dedupeMemory: Memory<RememberedIds> = {
  name: 'dedupe',
  create: () => ({ newestMs: -Infinity, times: new Map() }),
  encode: write,
  decode: (value) =>
    mapRight(({ newestMs, ids, agesMs }: StoredIds) => ({
      newestMs,
      times: new Map(ids.map((id, i) => [id, newestMs - (agesMs[i] ?? NaN)])),
    }))(StoredIds.decode(value)),
};
