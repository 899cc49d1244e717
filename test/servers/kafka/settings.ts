export interface BrokerPlace {
  readonly broker: number;
  readonly controller: number;
  /** What it listens on. */
  readonly host: string;
}

export type BrokerSettings = Readonly<Record<string, string>>;

/** One small broker that is its own controller. */
export const brokerSettings = ({ broker, controller, host }: BrokerPlace): BrokerSettings => ({
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.quorum.voters': `1@127.0.0.1:${controller}`,
  listeners: `PLAINTEXT://${host}:${broker},CONTROLLER://127.0.0.1:${controller}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${broker}`,
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'controller.listener.names': 'CONTROLLER',
  'inter.broker.listener.name': 'PLAINTEXT',
  // A misspelt topic must fail, not be made.
  'auto.create.topics.enable': 'false',
  'offsets.topic.num.partitions': '4',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  // Else every first join waits for three seconds.
  'group.initial.rebalance.delay.ms': '0',
  // Fits into the small heap.
  'log.cleaner.dedupe.buffer.size': '16777216',
  // Else a test of compaction waits for fifteen seconds.
  'log.cleaner.backoff.ms': '1000',
});

export const asProperties = (settings: BrokerSettings): string =>
  Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');

/** As the image of Apache Kafka reads them: `node.id` is `KAFKA_NODE_ID`. */
export const asEnvironment = (settings: BrokerSettings): readonly string[] =>
  Object.entries(settings).map(([key, value]) => `KAFKA_${key.toUpperCase().replaceAll('.', '_')}=${value}`);
