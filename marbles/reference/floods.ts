import type { Alert, AlertState } from '../../streams/model/alert.js';
import type { Sourced } from '../../streams/model/chunk.js';
import type { Telemetry } from '../../streams/model/telemetry.js';

interface Summary {
  readonly id: string;
  readonly version: number;
  readonly state: AlertState;
}

/**
 * Which summary stands for each alert raised, and what is told of summaries, where all are of one group and Kafka's timestamps never fall. Periods are
 * laid out over the records first; then each is looked at as a whole.
 */
export const floodsOf = (
  given: readonly Sourced<Telemetry>[],
  raises: readonly Alert[],
  { most, perMs }: { readonly most: number; readonly perMs: number },
): { readonly floods: readonly (string | null)[]; readonly summaries: readonly Summary[] } => {
  const floods: (string | null)[] = [];
  const summaries: Summary[] = [];
  const isRaise = ({ origin }: Sourced<Telemetry>) => raises.some(({ raisedOffset }) => raisedOffset === origin.offset);
  /** The summary that stands, if one does. */
  const standing = (): Summary | null => {
    const last = summaries.at(-1);
    return last?.state === 'active' ? last : null;
  };
  let from = given.findIndex(isRaise);
  while (from >= 0) {
    const beganMs = given[from]?.origin.timestampMs ?? NaN;
    const after = given.findIndex(({ origin }, i) => i > from && origin.timestampMs >= beganMs + perMs);
    const period = given.slice(from, after < 0 ? undefined : after);
    const raised = raises.filter(({ raisedOffset }) => period.some(({ origin }) => origin.offset === raisedOffset));
    for (const [i, { raisedOffset }] of raised.entries()) {
      if (i < most) {
        floods.push(null);
        continue;
      }
      const { id, version } = standing() ?? { id: `flood@@law-0-${raisedOffset}`, version: 0 };
      summaries.push({ id, version: version + 1, state: 'active' });
      floods.push(id);
    }
    if (after < 0) break;
    const known = standing();
    if (raised.length > most) from = after;
    else {
      if (known !== null) summaries.push({ ...known, version: known.version + 1, state: 'cleared' });
      from = given.findIndex((record, i) => i >= after && isRaise(record));
    }
  }
  return { floods, summaries };
};
