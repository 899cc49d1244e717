import type { Acquired, Held } from '../../ports.js';
import { ServiceError } from '../../service-error.js';
import type { TopicPartition } from '../../../streams/model/units.js';
import { acquireCall, acquireScript } from './acquire-script.js';
import { answerOf, type Client } from './client.js';
import type { PartitionKeys } from './keys.js';
import { storedOffset } from './stored-offset.js';

/** Devices read in one round trip: some hundred KB. */
const pageSize = 500;

/** What was read while owning does not fit together, because the server went back in time or was replaced meanwhile. */
class TornRead extends Error {
  override readonly name = 'TornRead';
}

/** One try at acquiring. Errors: rejects with `TornRead` when it must be done again from the start. */
export const acquireOnce = async (
  client: Client,
  source: TopicPartition,
  keys: PartitionKeys,
  held: Held | null,
  replyMs: number,
): Promise<Acquired> => {
  const reply = await answerOf(client, acquireScript.run(client, acquireCall(keys, held)), replyMs);
  const [epoch, next, partition, isHeld] = reply as readonly unknown[];
  const acquired = { epoch: Number(epoch), next: storedOffset(next, source) };
  if (!Number.isSafeInteger(acquired.epoch)) {
    throw new ServiceError('internal', `${keys.meta}: acquiring gave the epoch ${String(epoch)}`);
  }
  if (isHeld === 1) return { ...acquired, state: null };
  const devices = await readDevices(client, keys, String(epoch), replyMs);
  return { ...acquired, state: { partition: typeof partition === 'string' ? partition : null, devices } };
};

/**
 * All devices, in pages. Nobody else can write any more, but a page may repeat devices, and a cursor means nothing to another server
 * (hashes are seeded at its start): so all must have come, and the epoch must still be ours or a later owner's.
 */
const readDevices = async (
  client: Client,
  keys: PartitionKeys,
  epoch: string,
  replyMs: number,
): Promise<ReadonlyMap<string, string>> => {
  const devices = new Map<string, string>();
  let cursor = '0';
  do {
    const [following, page] = await answerOf(client, client.hscan(keys.devices, cursor, 'COUNT', pageSize), replyMs);
    for (let i = 0; i + 1 < page.length; i += 2) devices.set(page[i] ?? '', page[i + 1] ?? '');
    cursor = following;
  } while (cursor !== '0');
  const asked = Promise.all([client.hlen(keys.devices), client.hget(keys.meta, 'epoch')]);
  const [count, epochNow] = await answerOf(client, asked, replyMs);
  // A later owner may be writing by now; the first commit will be told.
  const isSuperseded = epochNow !== null && Number(epochNow) > Number(epoch);
  if (!isSuperseded && (epochNow !== epoch || count !== devices.size)) {
    throw new TornRead(
      `read ${devices.size} of ${count} devices at epoch ${String(epochNow)} after acquiring ${epoch}`,
    );
  }
  return devices;
};
