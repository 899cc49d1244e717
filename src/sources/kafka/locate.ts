import { setTimeout as wait } from 'node:timers/promises';
import type { Offset } from '../../../streams/model/units.js';
import { place, type Loss, type PartitionHistory } from '../place.js';
import type { Watermarks } from '../place.js';

export interface Question {
  readonly from: Offset | null;
  readonly reset: 'earliest' | 'latest';
  readonly history: PartitionHistory;
  /** Asks for the ends of the log; may reject. */
  readonly ends: () => Promise<Watermarks>;
  /** Nobody waits for the answer any more once this is false. */
  readonly isWanted: () => boolean;
}

export type Located =
  | { readonly _tag: 'at'; readonly offset: Offset; readonly loss: Loss | null }
  | { readonly _tag: 'went_back'; readonly why: string };

const patience = { firstMs: 200, mostMs: 2_000, looks: 4, betweenLooksMs: 1_000 };

/** Where the log is to be read on; null when nobody wants to know any more. Asks until it is answered: the supervisor bounds that. */
export const locate = async (question: Question, pause = wait): Promise<Located | null> => {
  const { from, reset, history } = question;
  for (let look = 1; ; look++) {
    const ends = await answered(question, pause);
    if (ends === null) return null;
    const found = place(from, ends, reset, history);
    if (found._tag === 'at') return found;
    const wanted = from ?? history.first ?? 0;
    if (look >= patience.looks) {
      return {
        _tag: 'went_back',
        why: `the log ends at ${ends.high}, before the position ${wanted}: it was truncated or made anew`,
      };
    }
    // A leader that has just taken over may not know the end of its log yet.
    await pause(patience.betweenLooksMs, undefined, { ref: false });
  }
};

const answered = async ({ ends, isWanted }: Question, pause: typeof wait): Promise<Watermarks | null> => {
  for (let afterMs = patience.firstMs; ; afterMs = Math.min(afterMs * 2, patience.mostMs)) {
    if (!isWanted()) return null;
    try {
      const answer = await ends();
      return isWanted() ? answer : null;
    } catch {
      // Brokers come and go; the next try asks with fresh metadata.
      await pause(afterMs, undefined, { ref: false });
    }
  }
};
