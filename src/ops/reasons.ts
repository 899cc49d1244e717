import type { RejectionTag, Skip } from '../../streams/model/rejection.js';
import type { ServiceEvent } from '../events.js';
import type { ErrorCode } from '../service-error.js';

/** Closed lists at run time, for labels that exist from the start. A tag that is missing here does not compile. */

const listed = <K extends string>(each: Readonly<Record<K, true>>): ReadonlySet<string> => new Set(Object.keys(each));

export const rejectionReasons = listed<RejectionTag>({
  empty: true,
  not_json: true,
  truncated: true,
  invalid_utf8: true,
  not_object: true,
  too_deep: true,
  too_large: true,
  forbidden_key: true,
  schema: true,
  out_of_range: true,
  invalid: true,
  unknown_unit: true,
  bad_id: true,
  ts_missing: true,
  ts_unit: true,
  tz_missing: true,
  ts_future: true,
  ts_past: true,
  late: true,
  faulted: true,
});

export const skipReasons = listed<Skip['_tag']>({ tombstone: true, not_telemetry: true, duplicate: true });

export const errorCodes = listed<ErrorCode>({
  config_invalid: true,
  kafka_unreachable: true,
  kafka_refused: true,
  kafka_gave_up: true,
  topic_missing: true,
  redis_unreachable: true,
  redis_refused: true,
  state_corrupt: true,
  dead_letters_refused: true,
  settle_overdue: true,
  port_taken: true,
  internal: true,
});

export type EventTag = ServiceEvent['_tag'];

export type LogLevel = 'info' | 'warn' | 'error';

/** How loud each event is. */
export const eventLevels: Readonly<Record<EventTag, LogLevel>> = {
  started: 'info',
  waiting: 'warn',
  stopping: 'info',
  stopped: 'info',
  group_joined: 'info',
  partition_revoked: 'info',
  source_crashed: 'error',
  source_rebuilt: 'warn',
  position_moved: 'warn',
  data_loss: 'error',
  partition_halted: 'error',
  partition_paused: 'warn',
  partition_resumed: 'info',
  acquired: 'info',
  fenced: 'warn',
  rolled_back: 'error',
  settle_overdue: 'error',
  store_refused: 'error',
  store_recovered: 'info',
  store_warning: 'warn',
  store_disconnected: 'error',
  store_connected: 'info',
  dead_letters_retried: 'warn',
  alerts_undelivered: 'warn',
  rules_activated: 'info',
  rules_refused: 'error',
  rules_outdated: 'warn',
  rules_rolled_back: 'error',
  rules_unknown: 'warn',
  rules_behind: 'error',
  fault: 'error',
};
