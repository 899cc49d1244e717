/**
 * `weir-stream` as a library, from the inside out: the pipeline and what your own operators are made of; the service, with real parts,
 * embedded ones or your own; and doors for single uses. The test kit is `weir-stream/testing`; docs/library.md shows each in ten lines.
 */

// ── the pipeline ────────────────────────────────────────────────────────────────────────────────────────────────────────────
export { devicePipeline, type OwnOperator } from '../streams/pipeline.js';
export { eachRecord } from '../streams/operators/each-record.js';
export { dedupe } from '../streams/operators/dedupe.js';
export { watermark } from '../streams/operators/watermark.js';
export { latest } from '../streams/operators/latest.js';
export { window } from '../streams/operators/window.js';
export { alert } from '../streams/operators/alert.js';
export { tally } from '../streams/operators/tally.js';
export { parse } from '../streams/stages/parse.js';
export { validate } from '../streams/stages/validate.js';
export { transform } from '../streams/stages/transform.js';

// ── what operators are made of ──────────────────────────────────────────────────────────────────────────────────────────────
export type { Stage } from '../streams/model/stage.js';
/** A stage answers `right(value)`, or `left(reason)`. */
export { isLeft, isRight, left, right } from 'fp-ts/lib/Either.js';
export type { Draft } from '../streams/chunks/draft.js';
export { throughRecords } from '../streams/chunks/through-records.js';
export {
  CorruptState,
  memory,
  type Memory,
  PartitionState,
  type StateSnapshot,
  type StoredState,
} from '../streams/state/partition-state.js';
export {
  type Chunk,
  chunkOf,
  type ClockAdvance,
  type Outcome,
  type Skipped,
  type Sourced,
  type Tally,
  tallyOf,
} from '../streams/model/chunk.js';
export { type RecordHeaders, RawRecord } from '../streams/model/raw-record.js';
export { type Quality, Telemetry, type WireFormat } from '../streams/model/telemetry.js';
export { Device, type DeviceInfo, type Location, type Profile } from '../streams/model/device.js';
export type { ToldWindow, WindowResult } from '../streams/model/window.js';
export type { Finding } from '../streams/model/finding.js';
export type { Alert, AlertReason, AlertState, AlertTransition, Evidence, Severity } from '../streams/model/alert.js';
export type { BodyFault, DeadLetter, Rejection, RejectionTag, Skip, TimeFault } from '../streams/model/rejection.js';
export type { DedupeSetting, LimitSetting, MetricSetting, TimeSetting } from '../streams/model/settings.js';
export { type DoorSettings, type PipelineSettings, settingsUnder } from '../streams/rules/settings.js';
export type * from '../streams/rules/rules.js';
export { type PlainAlert, type PlainRules, plainRules, type PlainWindow } from '../streams/plain-rules.js';
export { above, below, expressed } from '../streams/alerts/claims.js';
export type { Span, WindowKind } from '../streams/windows/kinds/kind.js';
export { windowKinds } from '../streams/windows/kinds/registry.js';
export { spanCode, spanOf } from '../streams/windows/span.js';
export { asOffset, type Offset, type TopicPartition } from '../streams/model/units.js';

// ── the service ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
export { open, serve, type Serving } from './main.js';
export { assemble, type Service } from './assembly/service.js';
export type { Backing } from './assembly/backing.js';
export type { DemoOptions } from './assembly/embedded.js';
export { loadConfig, type Flag, type Resolved, type Told } from './config/load.js';
export { defaultConfig } from './config/defaults.js';
export { defaultSettings, rulesAt } from './rules/default-settings.js';
export { loadRules, type LoadedRules } from './rules/load.js';
export { type ConfigFault, type Origin, showFault } from './config/faults.js';
export type {
  AssignmentStrategy,
  Config,
  HttpConfig,
  KafkaConfig,
  LogConfig,
  OpsConfig,
  ProcessingConfig,
  RedisConfig,
  SaslConfig,
  SslConfig,
} from './config/config.js';
export { type ErrorCode, ServiceError } from './service-error.js';
export type { Report, ServiceEvent } from './events.js';
export type * from './ports.js';
export { version } from './version.js';

// ── parts that need no server ───────────────────────────────────────────────────────────────────────────────────────────────
export { EmbeddedLog, type EmbeddedLogOptions } from './sources/embedded/log.js';
export { embeddedSource, type EmbeddedSourceOptions } from './sources/embedded/source.js';
export { type MemoryStore, memoryStore, type MemoryStoreOptions } from './sinks/memory/store.js';
export { type DeadLetterRing, deadLetterRing, type KeptLetter } from './sinks/memory/dead-letter-ring.js';

// ── doors for single uses ───────────────────────────────────────────────────────────────────────────────────────────────────
import { consumerServiceOn, type KafkaConsumerService } from './library/consumer-service.js';
import { open, type Serving } from './main.js';

/** A service as a consumer: `start`, `stop`, `subscribe`, `getMetrics`, `getHealth`. */
export const createKafkaConsumerService: (serving: Serving) => KafkaConsumerService = consumerServiceOn(open);
export type { ConsumerMetrics, KafkaConsumerService } from './library/consumer-service.js';
export {
  createDataProcessor,
  type DataProcessor,
  type DataProcessorOptions,
  type Message,
  type ProcessingStats,
} from './library/data-processor.js';
export type { ProcessedData, Reading } from './library/processing.js';
export { createDataPusher, type DataPusher, type DataPusherOptions } from './library/data-pusher.js';
export {
  type ConsumedMessage,
  createMessageHandler,
  type MessageHandler,
  type MessageHandlerOptions,
} from './library/message-handler.js';
export type { AlertFrame, DeviceFrame, Hello } from './sinks/socketio/socket-io-push.js';
export type { HealthReport } from './ops/health.js';
