import type { TopicPartition } from '../../streams/model/units.js';
import type { Report, ServiceEvent } from '../events.js';
import type { Logger } from './logger.js';
import { eventLevels } from './reasons.js';

export interface ReportOptions {
  readonly logger: Logger;
  /** What counts the events. */
  readonly metrics: { readonly happened: Report };
}

/** One log line, with a stable `event` name and the event's own fields, and one count for each event. Never throws. */
export const createReport =
  ({ logger, metrics }: ReportOptions): Report =>
  (event) => {
    metrics.happened(event);
    logger[eventLevels[event._tag]](fieldsOf(event), sentence(event));
  };

/** The line's own `message` is the sentence, so an event's `message` goes by another name. The logger leaves out what is undefined. */
const fieldsOf = (event: ServiceEvent): object => ({
  ...event,
  _tag: undefined,
  event: event._tag,
  ...('source' in event && { ...event.source, source: undefined }),
  ...('message' in event && { detail: event.message, message: undefined }),
});

const at = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

/** The event in words, for people who read logs. */
const sentence = (event: ServiceEvent): string => {
  switch (event._tag) {
    case 'started':
      return `started: ${event.detail}`;
    case 'waiting':
      return `waiting for ${event.what}, for ${event.afterMs / 1_000} s so far`;
    case 'stopping':
      return `stopping: ${event.why}`;
    case 'stopped':
      return `stopped after ${event.afterMs} ms`;
    case 'fault':
      return `${event.code}: ${event.message}`;
    case 'group_joined':
    case 'partition_revoked':
    case 'source_crashed':
    case 'source_rebuilt':
    case 'position_moved':
    case 'data_loss':
    case 'partition_halted':
    case 'partition_paused':
    case 'partition_resumed':
      return sourceSentence(event);
    case 'acquired':
    case 'fenced':
    case 'rolled_back':
    case 'settle_overdue':
    case 'store_refused':
    case 'store_recovered':
    case 'store_warning':
    case 'store_disconnected':
    case 'store_connected':
    case 'alerts_undelivered':
    case 'dead_letters_retried':
      return settlingSentence(event);
    case 'rules_activated':
    case 'rules_refused':
    case 'rules_outdated':
    case 'rules_rolled_back':
    case 'rules_unknown':
    case 'rules_behind':
      return rulesSentence(event);
  }
};

type RulesEvent = Extract<ServiceEvent, { readonly _tag: `rules_${string}` }>;

const rulesSentence = (event: RulesEvent): string => {
  switch (event._tag) {
    case 'rules_activated':
      return [`rules ${event.version} are in force (${event.cause}; number ${event.sequence} of the group)`, ...event.warnings].join(' | '); // prettier-ignore
    case 'rules_refused':
      return `rules were refused (${event.cause}), those in force (${event.version}) go on: ${event.faults.join(' | ')}`;
    case 'rules_outdated':
      return `the file holds rules ${event.version}, which the group has left behind for ${event.active} (number ${event.sequence}): these hold here, too; POST /ops/reload puts those of the file in force`;
    case 'rules_rolled_back':
      return `the group's rules went back from number ${event.expected} to ${event.found ?? 'none'}; ${event.version} are put in force again`;
    case 'rules_unknown':
      return `which rules are in force can't be asked right now, those known go on: ${event.message}`;
    case 'rules_behind':
      return `${at(event.source)} waits: it was decided by rules number ${event.sequence}, which can't be had here; see rules_refused, or POST /ops/reload to put those of the file in force`;
  }
};

type SourceEvent = Extract<
  ServiceEvent,
  {
    readonly _tag:
      | 'group_joined'
      | 'partition_revoked'
      | 'source_crashed'
      | 'source_rebuilt'
      | 'position_moved'
      | 'data_loss'
      | 'partition_halted'
      | 'partition_paused'
      | 'partition_resumed';
  }
>;

const sourceSentence = (event: SourceEvent): string => {
  switch (event._tag) {
    case 'group_joined':
      return `joined the group (session ${event.session}) with ${event.partitions.length} partitions`;
    case 'partition_revoked':
      return `${at(event.source)} taken away: ${event.why}`;
    case 'source_crashed':
      return `the consumer crashed${event.willRestart ? ' and restarts by itself' : ''}: ${event.message}`;
    case 'source_rebuilt':
      return `the consumer was built anew (attempt ${event.attempt}): ${event.why}`;
    case 'position_moved':
      return `${at(event.source)} moved from offset ${event.from} to ${event.to}`;
    case 'data_loss':
      return `${at(event.source)} lost ${event.records} records, offsets ${event.from} to ${event.to}: ${event.why}`;
    case 'partition_halted':
      return `${at(event.source)} halted at offset ${event.offset}: ${event.why}`;
    case 'partition_paused':
      return `${at(event.source)} paused: ${event.why}`;
    case 'partition_resumed':
      return `${at(event.source)} resumed`;
  }
};

type SettlingEvent = Exclude<
  ServiceEvent,
  SourceEvent | RulesEvent | { readonly _tag: 'started' | 'waiting' | 'stopping' | 'stopped' | 'fault' }
>;

const settlingSentence = (event: SettlingEvent): string => {
  switch (event._tag) {
    case 'acquired':
      return `${at(event.source)} acquired (epoch ${event.epoch}) at ${event.next ?? 'no offset yet'} with ${event.devices} devices in ${event.tookMs} ms`;
    case 'fenced':
      return `${at(event.source)} belongs to another process now; epoch ${event.epoch} is over`;
    case 'rolled_back':
      return `${at(event.source)}: the store went back from offset ${event.expected ?? 'none'} to ${event.found ?? 'none'}; reading again from there`;
    case 'settle_overdue':
      return `${at(event.source)}: a settle has not ended after ${event.afterMs} ms`;
    case 'store_refused':
      return `${at(event.source)}: the store refused to write (attempt ${event.attempt}): ${event.message}`;
    case 'store_recovered':
      return `${at(event.source)}: the store writes again after ${event.afterMs} ms`;
    case 'store_warning':
      return `the store works, but: ${event.message}`;
    case 'store_disconnected':
      return `the store is gone: ${event.message}`;
    case 'store_connected':
      return 'the store is connected';
    case 'alerts_undelivered':
      return `${event.alerts} alerts were not delivered (${event.attempts} attempts): ${event.message}`;
    case 'dead_letters_retried':
      return `${at(event.source)}: dead letters were not taken (attempt ${event.attempt}): ${event.message}`;
  }
};
