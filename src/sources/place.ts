import type { Offset } from '../../streams/model/units.js';

/** First offset still in the log, and the end of what may be read. */
export interface Watermarks {
  readonly low: Offset;
  readonly high: Offset;
}

/** What is known of a partition in this process beyond one assignment. */
export interface PartitionHistory {
  /** Where reading began when nothing had ever been settled; asked again, the answer stays. */
  first: Offset | null;
  /** Loss up to here has been told. */
  lostTo: Offset | null;
}

export interface Loss {
  readonly from: Offset;
  readonly to: Offset;
  readonly records: number;
}

export type Place =
  | { readonly _tag: 'at'; readonly offset: Offset; readonly loss: Loss | null }
  /** The log ends before the position: it was truncated or made anew. */
  | { readonly _tag: 'went_back' };

/** Where to read on, given the ends of the log. A loss is told once, however often the same position is asked for. */
export const place = (
  from: Offset | null,
  { low, high }: Watermarks,
  reset: 'earliest' | 'latest',
  history: PartitionHistory,
): Place => {
  const wanted = from ?? history.first ?? (reset === 'earliest' ? low : high);
  if (from === null) history.first = wanted;
  if (wanted > high) return { _tag: 'went_back' };
  if (wanted >= low) return { _tag: 'at', offset: wanted, loss: null };
  const since = history.lostTo !== null && history.lostTo > wanted ? history.lostTo : wanted;
  if (since >= low) return { _tag: 'at', offset: low, loss: null };
  history.lostTo = low;
  return { _tag: 'at', offset: low, loss: { from: since, to: low, records: low - since } };
};
