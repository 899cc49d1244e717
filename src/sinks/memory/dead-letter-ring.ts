import type { DeadLetter } from '../../../streams/model/rejection.js';
import type { TopicPartition } from '../../../streams/model/units.js';
import type { DeadLetterSink } from '../../ports.js';

/** A letter and where its record came from. */
export interface KeptLetter extends DeadLetter {
  readonly source: TopicPartition;
}

export interface DeadLetterRing extends DeadLetterSink {
  /** Oldest first. */
  letters(): readonly KeptLetter[];
}

/** Keeps the last `capacity` dead letters in this process; older ones make room. */
export const deadLetterRing = ({ capacity }: { readonly capacity: number }): DeadLetterRing => {
  const kept: KeptLetter[] = [];
  let written = 0;
  return {
    open: () => Promise.resolve(),
    write: (source, letters) => {
      for (const letter of letters) kept.push({ source, ...letter });
      written += letters.length;
      if (kept.length > capacity) kept.splice(0, kept.length - capacity);
      return Promise.resolve();
    },
    health: () => Promise.resolve({ isReady: true, detail: `${written} written, the last ${kept.length} kept` }),
    close: () => Promise.resolve(),
    letters: () => [...kept],
  };
};
