import { asOffset, type Offset, type TopicPartition } from '../../../streams/model/units.js';
import { ServiceError } from '../../service-error.js';

/** Decodes `next` as stored. Errors: throws `ServiceError` `state_corrupt` when a hand made it something else than an offset. */
export const storedOffset = (stored: unknown, { topic, partition }: TopicPartition): Offset | null => {
  if (stored === null || stored === undefined) return null;
  const value = typeof stored === 'string' && /^\d{1,16}$/.test(stored) ? Number(stored) : NaN;
  if (Number.isSafeInteger(value)) return asOffset(value);
  throw new ServiceError(
    'state_corrupt',
    `${topic}-${partition}: the stored next offset is ${JSON.stringify(stored)}, which is no offset; docs/redis.md tells how to set it or to begin again`,
  );
};
