/** Closed list: each says which door failed. */
export type ErrorCode =
  | 'config_invalid'
  | 'kafka_unreachable'
  | 'kafka_refused'
  | 'kafka_gave_up'
  | 'topic_missing'
  | 'redis_unreachable'
  | 'redis_refused'
  | 'state_corrupt'
  | 'dead_letters_refused'
  | 'settle_overdue'
  | 'port_taken'
  | 'internal';

/** A fault of the service or of what it stands on. `message` says what, where, and what to do next. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
