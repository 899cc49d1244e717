import type { Offset, TopicPartition } from '../../../streams/model/units.js';
import type { Report } from '../../events.js';
import type { Budget } from '../budget.js';
import type { PartitionHistory } from '../place.js';
import type { Turns } from '../turns.js';
import type { Watermarks } from '../place.js';

/** What a partition asks of the consumer. None of it throws. */
export interface Fetching {
  pause(source: TopicPartition): void;
  /** Seeks, then fetches. */
  resumeAt(source: TopicPartition, offset: Offset): void;
  ends(source: TopicPartition): Promise<Watermarks>;
}

export interface PartitionParts {
  readonly fetching: Fetching;
  readonly budget: Budget;
  readonly turns: Turns;
  readonly report: Report;
  readonly history: PartitionHistory;
  readonly reset: 'earliest' | 'latest';
  /** Records per chunk. */
  readonly batchSize: number;
  /** Records per turn. */
  readonly maxPollRecords: number;
  readonly maxBatchBytes: number;
  readonly nowMs: () => number;
}
