import { right } from 'fp-ts/lib/Either.js';
import type { Profile } from '../model/device.js';
import type { Telemetry } from '../model/telemetry.js';
import { unknownProfile } from '../state/latest-memory.js';
import type { Memory } from '../state/partition-state.js';

/** The profile that a device had with the records so far: `latest` is at the end of the chunk already. */
export interface Seen {
  profile: Profile;
  eventTimeMs: number;
}

export const see = (seen: Seen, { profile, eventTimeMs }: Telemetry): void => {
  if (eventTimeMs < seen.eventTimeMs) return;
  seen.profile = profile;
  seen.eventTimeMs = eventTimeMs;
};

/** Never stored: between chunks it is what `latest` remembers. */
export const seenMemory: Memory<Seen> = {
  name: 'alertSeen',
  create: () => ({ profile: unknownProfile, eventTimeMs: -Infinity }),
  encode: () => undefined,
  decode: () => right({ profile: unknownProfile, eventTimeMs: -Infinity }),
};
