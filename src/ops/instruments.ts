import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const commitBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const eventToPushBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** Those that the dashboards of the original consumer go by. */
const processingBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1];

/** Every counter and histogram, on a registry of their own. `docs/metrics.md` lists them; a test compares. */
export const instruments = (build: { readonly version: string }) => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  const counter = <L extends string = never>(name: string, help: string, labelNames: L[] = []): Counter<L> =>
    new Counter({ name, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]): Histogram =>
    new Histogram({ name, help, buckets, registers });

  new Gauge({ name: 'weir_build_info', help: 'Always 1', labelNames: ['version', 'node'], registers })
    .labels({ version: build.version, node: process.version })
    .set(1);

  return {
    registry,
    consumed: counter('kafka_consumer_messages_consumed_total', 'Records read and settled', ['topic']),
    processing: histogram(
      'kafka_consumer_processing_duration_seconds',
      'Time a chunk of records spends in the pipeline',
      processingBuckets,
    ),
    read: counter('weir_records_read_total', 'Records read and settled', ['topic']),
    records: counter('weir_records_total', 'What became of the records read; adds up to read', ['topic', 'outcome']),
    rejections: counter('weir_rejections_total', 'Records that left as dead letters, by reason', ['reason']),
    skips: counter('weir_skips_total', 'Records left out on purpose, by reason', ['reason']),
    ruleFaults: counter('weir_rule_faults_total', 'Records on which a rule had no answer', ['rule']),
    errors: counter('weir_errors_total', 'Faults, by code', ['code']),
    events: counter('weir_events_total', 'Events in the life of the service, as logged', ['event']),
    rebalances: counter('weir_rebalances_total', 'Times the group was joined anew'),
    lost: counter('weir_data_loss_records_total', 'Records that were gone from the log before they were read', [
      'topic',
    ]),
    commit: histogram('weir_commit_duration_seconds', 'Time of one commit to the store', commitBuckets),
    eventToPush: histogram(
      'weir_event_to_push_seconds',
      'From the Kafka timestamp of the newest record of a step until its results were pushed',
      eventToPushBuckets,
    ),
  };
};

export type Instruments = ReturnType<typeof instruments>;
