import type { DoorSettings } from '../../streams/rules/settings.js';

/** Everything the service is told, decoded. Durations in milliseconds, sizes in bytes. */
export interface Config {
  readonly kafka: KafkaConfig;
  readonly processing: ProcessingConfig;
  readonly redis: RedisConfig;
  readonly http: HttpConfig;
  readonly ops: OpsConfig;
  readonly log: LogConfig;
  readonly rules: RulesConfig;
  readonly alerts: AlertsConfig;
  readonly pipeline: DoorSettings;
}

/** Where alerts go beside the store and the page. */
export interface AlertsConfig {
  /** Topic of transitions; null for none. */
  readonly topic: string | null;
  /** Receiver of notifications in the format of Alertmanager's webhook; null for none. */
  readonly webhookUrl: string | null;
  /** Sent along as `authorization`. */
  readonly webhookAuthorization: string | null;
}

export interface RulesConfig {
  /** A file, or a folder of `*.rules.yaml`; null for the built-in rules. */
  readonly path: string | null;
}

export interface KafkaConfig {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ssl: SslConfig | null;
  readonly sasl: SaslConfig | null;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly autoOffsetReset: 'earliest' | 'latest';
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly rebalanceTimeoutMs: number;
  /** In order of preference; the group takes the first that every member offers. */
  readonly strategies: readonly AssignmentStrategy[];
  /** Most records handed out of one partition before the others have their turn. */
  readonly maxPollRecords: number;
  /** Fetched and not yet settled, per partition and in all; beyond it the partition pauses. */
  readonly maxPartitionBytes: number;
  readonly maxTotalBytes: number;
  /** Most bytes of one partition in one fetch. */
  readonly fetchBytes: number;
  /** Cap on what one compressed batch may expand to. */
  readonly maxBatchBytes: number;
  /** Suffix of the dead-letter topic: `<topic><suffix>`. */
  readonly deadLetterSuffix: string;
}

export type AssignmentStrategy = 'RoundRobin' | 'Sticky';

export interface SslConfig {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  readonly rejectUnauthorized: boolean;
}

export interface SaslConfig {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

export interface ProcessingConfig {
  /** How many partitions settle at once. */
  readonly workerPoolSize: number;
  /** Records per chunk. */
  readonly batchSize: number;
  /** Deadline of one settle; then the partition is detached (paused until it is done). */
  readonly processingTimeoutMs: number;
  /** A settle that has not ended by now will not: the service gives up and restarts from its checkpoint. */
  readonly maxProcessingTimeMs: number;
  /** Most time between a record's arrival and its commit being tried. */
  readonly commitIntervalMs: number;
  /** Time for an orderly stop. */
  readonly shutdownTimeoutMs: number;
}

export interface RedisConfig {
  readonly mode: 'single' | 'sentinel' | 'cluster';
  /** `host:port`. Single: the first; Sentinel: the sentinels; Cluster: any nodes of it. */
  readonly endpoints: readonly string[];
  /** Name of the master set; Sentinel only. */
  readonly masterName: string | null;
  readonly username: string | null;
  readonly password: string | null;
  readonly db: number;
  readonly poolSize: number;
  readonly tls: boolean;
  /** Closed windows kept per device and metric. */
  readonly keepWindows: number;
  /** Cleared alerts kept per partition. */
  readonly keepAlerts: number;
}

/** API, page and Socket.IO. */
export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  /** Most device frames a second to one client. */
  readonly framesPerSecond: number;
}

/** Probes and metrics. */
export interface OpsConfig {
  readonly host: string;
  readonly port: number;
  readonly metricsEnabled: boolean;
  readonly metricsPath: string;
}

export interface LogConfig {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
}
