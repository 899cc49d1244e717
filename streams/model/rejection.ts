import type { RawRecord } from './raw-record.js';

/** Why a record left the main path: a value, never an exception. One `_tag` each; `message` says what was expected. */
export type Rejection =
  | { readonly _tag: BodyFault; readonly message: string }
  | { readonly _tag: 'schema'; readonly path: string; readonly message: string }
  | { readonly _tag: 'out_of_range'; readonly path: string; readonly message: string }
  | { readonly _tag: 'unknown_unit'; readonly path: string; readonly message: string }
  /** It breaks a claim of the rules. */
  | { readonly _tag: 'invalid'; readonly rule: string; readonly path: string; readonly message: string }
  | { readonly _tag: 'bad_id'; readonly message: string }
  | { readonly _tag: TimeFault; readonly message: string }
  | { readonly _tag: 'late'; readonly lateByMs: number; readonly message: string }
  | { readonly _tag: 'faulted'; readonly stage: string; readonly message: string; readonly rule?: string };

/** The bytes are no telemetry at all. */
export type BodyFault =
  'empty' | 'not_json' | 'truncated' | 'invalid_utf8' | 'not_object' | 'too_deep' | 'too_large' | 'forbidden_key';

/** The event time can't be trusted. */
export type TimeFault = 'ts_missing' | 'ts_unit' | 'tz_missing' | 'ts_future' | 'ts_past';

export type RejectionTag = Rejection['_tag'];

/** A record that is left out of the results on purpose and is no fault: counted, not kept. */
export type Skip =
  /** A null value: Kafka's tombstone. */
  | { readonly _tag: 'tombstone' }
  /** An envelope of a known kind that carries no telemetry (heartbeat, alert, …). */
  | { readonly _tag: 'not_telemetry'; readonly messageType: string }
  /** This message id was folded before. */
  | { readonly _tag: 'duplicate'; readonly messageId: string };

/** The record with its reason. */
export interface DeadLetter {
  readonly origin: RawRecord;
  readonly rejection: Rejection;
}
