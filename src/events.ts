import type { Offset, TopicPartition } from '../streams/model/units.js';

/**
 * What happens to the service that somebody may want to know: one log line, and a count, each. Closed union; `ops/` switches over
 * it. Never one per record.
 */
export type ServiceEvent =
  | { readonly _tag: 'started'; readonly detail: string }
  /** At the start something takes long: a server that does not answer, or a group that still counts on a member that was killed. */
  | { readonly _tag: 'waiting'; readonly what: string; readonly afterMs: number }
  | { readonly _tag: 'stopping'; readonly why: string }
  | { readonly _tag: 'stopped'; readonly afterMs: number }
  // source
  | { readonly _tag: 'group_joined'; readonly session: number; readonly partitions: readonly TopicPartition[] }
  | { readonly _tag: 'partition_revoked'; readonly source: TopicPartition; readonly why: string }
  | { readonly _tag: 'source_crashed'; readonly message: string; readonly willRestart: boolean }
  | { readonly _tag: 'source_rebuilt'; readonly attempt: number; readonly why: string }
  | { readonly _tag: 'position_moved'; readonly source: TopicPartition; readonly from: Offset; readonly to: Offset }
  /** Records between two offsets are gone from the log and were never seen. */
  | {
      readonly _tag: 'data_loss';
      readonly source: TopicPartition;
      readonly from: Offset;
      readonly to: Offset;
      readonly records: number;
      readonly why: string;
    }
  | {
      readonly _tag: 'partition_halted';
      readonly source: TopicPartition;
      readonly offset: Offset;
      readonly why: string;
    }
  | { readonly _tag: 'partition_paused'; readonly source: TopicPartition; readonly why: string }
  | { readonly _tag: 'partition_resumed'; readonly source: TopicPartition }
  // settling
  | {
      readonly _tag: 'acquired';
      readonly source: TopicPartition;
      readonly epoch: number;
      readonly next: Offset | null;
      readonly devices: number;
      readonly tookMs: number;
    }
  | { readonly _tag: 'fenced'; readonly source: TopicPartition; readonly epoch: number }
  | {
      readonly _tag: 'rolled_back';
      readonly source: TopicPartition;
      readonly expected: Offset | null;
      readonly found: Offset | null;
    }
  | { readonly _tag: 'settle_overdue'; readonly source: TopicPartition; readonly afterMs: number }
  | {
      readonly _tag: 'store_refused';
      readonly source: TopicPartition;
      readonly message: string;
      readonly attempt: number;
    }
  | { readonly _tag: 'store_recovered'; readonly source: TopicPartition; readonly afterMs: number }
  | { readonly _tag: 'store_warning'; readonly message: string }
  | { readonly _tag: 'store_disconnected'; readonly message: string }
  | { readonly _tag: 'store_connected' }
  | {
      readonly _tag: 'dead_letters_retried';
      readonly source: TopicPartition;
      readonly message: string;
      readonly attempt: number;
    }
  /** Beside the stream: the results are in the store all the same. */
  | {
      readonly _tag: 'alerts_undelivered';
      readonly alerts: number;
      readonly message: string;
      readonly attempts: number;
    }
  // rules
  | {
      readonly _tag: 'rules_activated';
      readonly version: string;
      readonly sequence: number;
      /** What brought it about: `start`, `file`, `signal`, `request`, or another process of the `group`. */
      readonly cause: string;
      /** What is strange about them, where they come from this process's file. */
      readonly warnings: readonly string[];
    }
  /** Those in force go on. */
  | {
      readonly _tag: 'rules_refused';
      readonly cause: string;
      readonly faults: readonly string[];
      /** In force. */
      readonly version: string;
    }
  /** The file of this process holds rules that the group has left behind. */
  | {
      readonly _tag: 'rules_outdated';
      readonly version: string;
      readonly active: string;
      readonly sequence: number;
    }
  | {
      readonly _tag: 'rules_rolled_back';
      readonly version: string;
      readonly expected: number;
      readonly found: number | null;
    }
  /** The group's log of rules can't be asked. */
  | { readonly _tag: 'rules_unknown'; readonly message: string }
  /** A partition was decided by rules that can't be had here yet. */
  | { readonly _tag: 'rules_behind'; readonly source: TopicPartition; readonly sequence: number }
  | { readonly _tag: 'fault'; readonly code: string; readonly message: string };

export type Report = (event: ServiceEvent) => void;
