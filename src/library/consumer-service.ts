import { emptyTally, type Tally } from '../../streams/model/chunk.js';
import type { Service } from '../assembly/service.js';
import type { Config } from '../config/config.js';
import type { HealthReport } from '../ops/health.js';
import { lagRecords } from '../ops/lag.js';
import { ServiceError } from '../service-error.js';

/** The service under the names of a consumer: from Kafka to Redis and to whoever listens, each record counted once. */
export interface KafkaConsumerService {
  /** Resolves when it reads. Errors: rejects with `ServiceError`; nothing is left open then. */
  start(): Promise<void>;
  /** Stops reading, settles, leaves the group, closes. Afterwards it may be started again. */
  stop(): Promise<void>;
  /** Which topics to read, in place of those configured. Errors: throws `ServiceError` while the service runs, or when there are none. */
  subscribe(topics: readonly string[]): void;
  /** Of this process since its start; known without asking anybody. */
  getMetrics(): ConsumerMetrics;
  /** Never rejects. */
  getHealth(): Promise<HealthReport>;
  /** What else can be asked: URLs, the meter, its end. Null while it does not run. */
  readonly service: Service | null;
}

export interface ConsumerMetrics {
  /** What became of the records settled, per topic; read = counted + duplicate + late + dead + skipped. */
  readonly records: Readonly<Record<string, Tally>>;
  /** Over the last seconds, all topics. */
  readonly perSecond: Tally;
  /** Records in the log that are not settled yet, over all partitions; null as long as it is unknown of one. */
  readonly lag: number | null;
  readonly activePartitions: number;
}

/** Gives a door to services that `open` puts together: one at a time. */
export const consumerServiceOn =
  <S extends { readonly config: Config }>(open: (serving: S) => Promise<Service>) =>
  (serving: S): KafkaConsumerService => {
    let { topics } = serving.config.kafka;
    let service: Service | null = null;
    let starting: Promise<void> | null = null;

    const begin = async (): Promise<void> => {
      const kafka = { ...serving.config.kafka, topics };
      const opened = await open({ ...serving, config: { ...serving.config, kafka } });
      service = opened;
      opened.finished.catch(() => undefined).finally(() => (starting = service = null));
      await opened.start();
    };

    return {
      start: () =>
        (starting ??= begin().catch((error: unknown) => {
          starting = service = null;
          throw error;
        })),
      async stop() {
        await starting?.catch(() => undefined);
        await service?.stop('stop() was called');
      },
      subscribe(chosen) {
        if (starting !== null) throw new ServiceError('config_invalid', 'subscribe before start, or after stop');
        if (chosen.length === 0) throw new ServiceError('config_invalid', 'subscribe to one topic at least');
        topics = [...chosen];
      },
      getMetrics: () => metricsOf(service),
      getHealth: () => service?.health() ?? Promise.resolve(notStarted),
      get service() {
        return service;
      },
    };
  };

const metricsOf = (service: Service | null): ConsumerMetrics => {
  if (service === null) return { records: {}, perSecond: emptyTally, lag: null, activePartitions: 0 };
  const { partitions } = service.status();
  const lags = partitions.map(lagRecords);
  return {
    records: service.meter.totals(),
    perSecond: service.meter.rates().perSecond,
    lag: lags.reduce((sum, lag) => (sum === null || lag === null ? null : sum + lag), 0),
    activePartitions: partitions.length,
  };
};

const unknown = { isReady: false, detail: 'not started' };
const notStarted: HealthReport = {
  status: 'not_ready',
  dependencies: { source: unknown, store: unknown, deadLetters: unknown },
};
