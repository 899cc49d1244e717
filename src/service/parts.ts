import type { OwnOperator } from '../../streams/pipeline.js';
import type { ProcessingConfig } from '../config/config.js';
import type { Report } from '../events.js';
import type { RuleSource } from '../rules/active.js';
import type { AlertTopic, DeadLetterSink, Meter, PartitionSource, PushPort, StateStore } from '../ports.js';

/** What a service is made of: the four ports, and what it is told. */
export interface ServiceParts {
  readonly source: PartitionSource;
  readonly store: StateStore;
  readonly deadLetters: DeadLetterSink;
  /** Left out: transitions go nowhere but to the store and to clients. */
  readonly alertTopic?: AlertTopic | undefined;
  readonly push: PushPort;
  readonly meter: Meter;
  readonly report: Report;
  readonly rules: RuleSource;
  readonly processing: ProcessingConfig;
  /** The user's operators, if there are any. */
  readonly own?: OwnOperator | undefined;
}
