import type * as t from 'io-ts';
import { defaultConfig } from './defaults.js';
import { bufferKeys, kafkaKeys } from './keys/kafka.js';
import { alertKeys, dedupeKeys, limitKeys, rulesKeys, timeKeys } from './keys/pipeline.js';
import {
  cacheKeys,
  consumerGroupKeys,
  httpKeys,
  logKeys,
  monitoringKeys,
  opsKeys,
  partitionAssignmentKeys,
  processingKeys,
} from './keys/service.js';
import { type Key, keysBelow, section } from './section.js';

const defaults = defaultConfig();

/** The one codec of the file. Names of the environment, `weir config` and the table in the docs are read off it. */
export const document = section({
  kafka: kafkaKeys(defaults),
  consumer_group: consumerGroupKeys,
  partition_assignment: partitionAssignmentKeys(defaults),
  processing: processingKeys(defaults),
  buffers: bufferKeys(defaults),
  cache: cacheKeys(defaults),
  monitoring: monitoringKeys(defaults),
  rules: rulesKeys,
  alerts: alertKeys,
  time: timeKeys(defaults),
  dedupe: dedupeKeys(defaults),
  limits: limitKeys(defaults),
  http: httpKeys(defaults),
  ops: opsKeys(defaults),
  log: logKeys(defaults),
});

/** The file, decoded, with every key that it did not name. */
export type Document = t.TypeOf<typeof document>;

export interface DocumentKey {
  /** `kafka.consumer.group_id` */
  readonly path: string;
  /** `WEIR_KAFKA_CONSUMER_GROUP_ID`, and what else is read from the environment; later ones win. */
  readonly env: readonly string[];
  readonly key: Key<unknown>;
}

export const envName = (path: string): string => `WEIR_${path.toUpperCase().replaceAll('.', '_')}`;

export const documentKeys: readonly DocumentKey[] = keysBelow(document).map(({ path, key }) => ({
  path,
  env: [...(key.about.env === undefined ? [] : [key.about.env]), envName(path)],
  key,
}));

/** The same setting under another name: what the first says is meant for the second, which wins. */
export const aliases: readonly (readonly [alias: string, canonical: string])[] = [
  ['consumer_group.session_timeout', 'kafka.consumer.session_timeout'],
  ['consumer_group.heartbeat_interval', 'kafka.consumer.heartbeat_interval'],
  ['consumer_group.rebalance_timeout', 'kafka.consumer.rebalance_timeout'],
];

/** The key that a path lies in: `kafka.brokers` for `kafka.brokers.2`; undefined for a section or a stranger. */
export const keyAround = (path: readonly string[]): DocumentKey | undefined => {
  const text = path.join('.');
  return documentKeys.find((known) => text === known.path || text.startsWith(`${known.path}.`));
};
