import { isLeft } from 'fp-ts/lib/Either.js';
import type { DoorSettings } from '../../streams/rules/settings.js';
import type { Config } from '../config/config.js';
import type { Report } from '../events.js';
import { feed } from '../simulator/feed.js';
import { deadLetterRing } from '../sinks/memory/dead-letter-ring.js';
import { memoryRuleLog } from '../sinks/memory/rule-log.js';
import { memoryStore } from '../sinks/memory/store.js';
import type { ReaderSettings } from '../results/reader.js';
import type { ServiceRules } from '../rules/active.js';
import { invalidRules } from '../rules/default-settings.js';
import { RulesInForce } from '../rules/in-force.js';
import type { RuleFile } from '../rules/rule-file.js';
import { EmbeddedLog } from '../sources/embedded/log.js';
import { embeddedSource } from '../sources/embedded/source.js';
import type { Backing } from './backing.js';

/** What brings records when there is no Kafka; by default 400 devices, 800 records a second in all, seed 1. */
export interface DemoOptions {
  readonly devices: number;
  readonly ratePerSecond: number;
  readonly seed: number;
}

const defaultDemo: DemoOptions = { devices: 400, ratePerSecond: 800, seed: 1 };
const partitions = 4;
const keptLetters = 1_000;

/** The simulator feeds one topic: the first that is configured. Everything else is as in production. */
export const demoConfig = (config: Config): Config => ({
  ...config,
  kafka: { ...config.kafka, topics: config.kafka.topics.slice(0, 1) },
});

/** The rules of the file, in force as long as this process lives. Errors: throws `ServiceError` `config_invalid` with every fault. */
export const embeddedRules = (file: RuleFile, door: DoorSettings): ((report: Report) => ServiceRules) => {
  if (isLeft(file.loaded)) throw invalidRules(file.loaded.left);
  return (report) => new RulesInForce({ file, door, log: memoryRuleLog(), report });
};

/** Everything in this process: a log fed by simulated devices, results in memory, the newest dead letters in a ring. */
export const embeddedBacking = (
  config: Config,
  settings: ReaderSettings,
  demo: DemoOptions | undefined,
  report: Report,
): Backing => {
  const { kafka, processing, redis } = config;
  const [topic = 'device-data'] = kafka.topics;
  const log = new EmbeddedLog({ topics: { [topic]: partitions } });
  const { store, reader, care } = memoryStore({
    keepWindows: redis.keepWindows,
    keepAlerts: redis.keepAlerts,
    settings,
  });
  return {
    kind: 'embedded',
    group: kafka.groupId,
    source: embeddedSource({ log, config: kafka, batchSize: processing.batchSize, report }),
    store,
    reader,
    care,
    deadLetters: deadLetterRing({ capacity: keptLetters }),
    feed: (signal) => feed({ ...(demo ?? defaultDemo), append: (record) => void log.append(topic, record) }, signal),
  };
};
