import { ServiceError } from '../../service-error.js';

/** Answers that no retry changes: somebody has to change the configuration, here or on the broker. */
const refusedTypes: ReadonlySet<string> = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'ILLEGAL_SASL_STATE',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INCONSISTENT_GROUP_PROTOCOL',
  'INVALID_SESSION_TIMEOUT',
  'INVALID_GROUP_ID',
  'INVALID_REPLICATION_FACTOR',
  'POLICY_VIOLATION',
]);

const hints: Readonly<Record<string, string>> = {
  SASL_AUTHENTICATION_FAILED: 'check kafka.sasl: user name and password',
  UNSUPPORTED_SASL_MECHANISM: 'check kafka.sasl.mechanism: the broker does not offer it',
  ILLEGAL_SASL_STATE: 'the listener wants another kind of sign-in: check kafka.sasl and the port in kafka.brokers',
  TOPIC_AUTHORIZATION_FAILED:
    'the user may not use the topic: grant it READ and DESCRIBE, and WRITE on the dead-letter topic',
  GROUP_AUTHORIZATION_FAILED: 'the user may not use the consumer group: grant it READ on kafka.consumer.group_id',
  CLUSTER_AUTHORIZATION_FAILED: 'the user may not write idempotently: grant it IDEMPOTENT_WRITE, or WRITE on the topic',
  INCONSISTENT_GROUP_PROTOCOL: 'the group is used with another assignment strategy: give every member one in common',
  INVALID_SESSION_TIMEOUT:
    'kafka.consumer.session_timeout lies outside what the broker allows (group.min/max.session.timeout.ms)',
};

const tlsFaults = /certificate|wrong version number|ssl3|SSL routines|unsupported protocol|ERR_TLS|altnames/i;

interface Causes {
  readonly types: readonly string[];
  readonly text: string;
}

/** Types and messages down the chain of causes. */
const causesOf = (error: unknown): Causes => {
  const types: string[] = [];
  const texts: string[] = [];
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth++) {
    if ('type' in at && typeof at.type === 'string') types.push(at.type);
    if (at.name === 'KafkaJSSASLAuthenticationError') types.push('SASL_AUTHENTICATION_FAILED');
    if (!texts.includes(at.message)) texts.push(at.message);
  }
  return { types, text: texts.length > 0 ? texts.join(': ') : String(error) };
};

/** Why Kafka refuses for good, with what to do about it; null when trying again may help. */
export const refusal = (error: unknown): string | null => {
  const { types, text } = causesOf(error);
  const type = types.find((one) => refusedTypes.has(one));
  if (type !== undefined) return hints[type] === undefined ? text : `${text}; ${hints[type]}`;
  if (tlsFaults.test(text))
    return `${text}; check kafka.ssl (the CA, the host name) and that the port in kafka.brokers speaks TLS`;
  return null;
};

/** In words, with all causes. */
export const wordsOf = (error: unknown): string => causesOf(error).text;

/**
 * Whether the other side hung up while nothing else was wrong. A listener that speaks TLS, or wants a sign-in, does that when neither is
 * used, and a plain one when TLS is; but so does a broker that stops just then.
 */
export const wasHungUpOn = (error: unknown): boolean =>
  /Closed connection|Connection closed|before secure TLS/i.test(causesOf(error).text);

/** Whether the broker found the records larger than the topic allows. */
export const isTooLarge = (error: unknown): boolean =>
  causesOf(error).types.some((type) => type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE');

/** Whether a topic is not known to the broker that was asked, or has no leader: for a moment that is so of every new one. */
export const isNotThereYet = (error: unknown): boolean =>
  causesOf(error).types.some((type) => type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'LEADER_NOT_AVAILABLE');

/** A fault of a connection as the service's own: `kafka_refused` when it can't heal, else `kafka_unreachable`. */
export const asKafkaFault = (error: unknown, doing: string): ServiceError => {
  if (error instanceof ServiceError) return error;
  const refused = refusal(error);
  if (refused !== null) return new ServiceError('kafka_refused', `${doing}: ${refused}`, { cause: error });
  const hint = wasHungUpOn(error) ? '; does that listener want kafka.ssl or kafka.sasl?' : '';
  return new ServiceError(
    'kafka_unreachable',
    `${doing}: ${wordsOf(error)}; check kafka.brokers and that a broker runs there${hint}`,
    { cause: error },
  );
};
