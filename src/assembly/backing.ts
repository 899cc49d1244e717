import type { CareStore } from '../care/desk.js';
import type { AlertTopic, DeadLetterSink, PartitionSource, ResultReader, StateStore } from '../ports.js';

/** Which implementations stand behind the ports that have two. */
export interface Backing {
  readonly kind: 'kafka' | 'embedded';
  /** Who reads: the consumer group, and the part of the store that is its own. */
  readonly group: string;
  readonly source: PartitionSource;
  readonly store: StateStore;
  readonly reader: ResultReader & { close(): Promise<void> };
  readonly care: CareStore;
  /** Left out: transitions go nowhere but to the store and to clients. */
  readonly alertTopic?: AlertTopic;
  readonly deadLetters: DeadLetterSink;
  /** What brings records when nobody else does; null when somebody else does. Ends when the signal is given. */
  readonly feed: ((signal: AbortSignal) => Promise<void>) | null;
}
