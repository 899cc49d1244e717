import { Gauge, type Registry } from 'prom-client';
import type { PartitionStatus, SourceStatus } from '../ports.js';
import type { EventLoopLag } from './event-loop.js';
import { lagMs, lagRecords } from './lag.js';

/** Where gauges are read when somebody scrapes. */
export interface Watched {
  readonly source: () => SourceStatus;
  readonly clients: () => number;
  readonly rules: () => WatchedRules;
}

/** Which rules are in force, and how the last attempt to take others ended. */
export interface WatchedRules {
  readonly sequence: number;
  readonly version: string;
  readonly isLastReloadGood: boolean;
  /** Epoch ms; null when none ever went well. */
  readonly lastGoodAtMs: number | null;
}

interface PartitionGauge {
  readonly name: string;
  readonly help: string;
  /** Null: unknown, so not shown. */
  readonly read: (status: PartitionStatus) => number | null;
}

const partitionGauges: readonly PartitionGauge[] = [
  { name: 'kafka_consumer_lag_messages', help: 'Records in the log that are not settled yet', read: lagRecords },
  {
    name: 'weir_consumer_lag_seconds',
    help: 'Age of the last record read, while there is lag; else 0',
    read: (status) => secondsOf(lagMs(status, Date.now())),
  },
  {
    name: 'weir_unsettled_bytes',
    help: 'Bytes fetched and not settled yet',
    read: (status) => status.unsettledBytes,
  },
  {
    name: 'weir_partition_paused',
    help: '1 while nothing is fetched because of a slow or refusing store',
    read: (status) => (status.phase === 'paused' ? 1 : 0),
  },
  {
    name: 'weir_partition_halted',
    help: '1 when the partition stands still until somebody looks',
    read: (status) => (status.phase === 'halted' ? 1 : 0),
  },
];

/** Registers gauges that are read at each scrape. Partitions that were given away vanish from them. */
export const registerGauges = (
  registry: Registry,
  watched: () => Watched | null,
  eventLoop: () => EventLoopLag,
): void => {
  const registers = [registry];
  for (const { name, help, read } of partitionGauges) {
    new Gauge({
      name,
      help,
      labelNames: ['topic', 'partition'],
      registers,
      collect() {
        this.reset();
        for (const status of watched()?.source().partitions ?? []) {
          const value = read(status);
          if (value !== null) this.set({ topic: status.source.topic, partition: status.source.partition }, value);
        }
      },
    });
  }
  const single = (name: string, help: string, read: () => number): Gauge =>
    new Gauge({ name, help, registers, collect() { this.set(read()); } }); // prettier-ignore
  single('weir_active_partitions', 'Partitions assigned', () => watched()?.source().partitions.length ?? 0);
  single('weir_source_ready', '1 while the source reads', () => (watched()?.source().isReady === true ? 1 : 0));
  single('weir_push_clients', 'Clients connected over Socket.IO', () => watched()?.clients() ?? 0);
  single('weir_rules_sequence', 'How many times rules were put in force for the group, up to those in force here', () => watched()?.rules().sequence ?? 0); // prettier-ignore
  single('weir_config_last_reload_success', '1 when the last attempt to take rules went well', () => (watched()?.rules().isLastReloadGood === false ? 0 : 1)); // prettier-ignore
  single('weir_config_last_reload_success_timestamp_seconds', 'When rules were taken last', () => (watched()?.rules().lastGoodAtMs ?? 0) / 1000); // prettier-ignore
  new Gauge({
    name: 'weir_rules_info',
    help: 'Always 1, for the version of the rules in force here',
    labelNames: ['version'],
    registers,
    collect() {
      this.reset();
      const rules = watched()?.rules();
      if (rules !== undefined) this.set({ version: rules.version }, 1);
    },
  });
  new Gauge({
    name: 'weir_event_loop_lag_seconds',
    help: 'How late timers fired over the last five seconds',
    labelNames: ['stat'],
    registers,
    collect() {
      const lag = eventLoop();
      this.set({ stat: 'p50' }, lag.p50Ms / 1000);
      this.set({ stat: 'p99' }, lag.p99Ms / 1000);
      this.set({ stat: 'max' }, lag.maxMs / 1000);
    },
  });
};

const secondsOf = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
