import type { TopicPartition } from '../../streams/model/units.js';

/** What readers need of a store: the texts as they were written. One per store; what is made of them is the same for all. */
export interface StoredResults {
  /** Every partition that was ever acquired. */
  partitions(): Promise<readonly TopicPartition[]>;
  /** At most `limit` ids of devices behind `after`, in order of id. */
  ids(source: TopicPartition, after: string | null, limit: number): Promise<readonly string[]>;
  /** What is remembered of devices; null for one that is unknown. */
  devices(source: TopicPartition, ids: readonly string[]): Promise<readonly (string | null)[]>;
  /** Closed windows with fromMs <= start < toMs; at most `limit`, the newest. */
  closedWindows(
    source: TopicPartition,
    kind: WindowKind,
    device: string,
    bounds: WindowBounds,
  ): Promise<readonly string[]>;
  alerts(source: TopicPartition): Promise<readonly string[]>;
  /** What people did to alerts, by alert id. */
  cares(source: TopicPartition): Promise<ReadonlyMap<string, string>>;
  /** What is remembered of the partition itself; null when nothing was ever settled. */
  own(source: TopicPartition): Promise<string | null>;
  close(): Promise<void>;
}

/** Windows of one rule on one metric. */
export interface WindowKind {
  readonly rule: string;
  readonly metric: string;
}

export interface WindowBounds {
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly limit: number;
}
