import { setTimeout as wait } from 'node:timers/promises';
import type { Alert } from '../../../../streams/model/alert.js';
import type { TopicPartition } from '../../../../streams/model/units.js';
import type { KafkaConfig } from '../../../config/config.js';
import type { AlertTopic } from '../../../ports.js';
import { ServiceError } from '../../../service-error.js';
import { countPartitions, createIfMissing } from '../admin.js';
import { withAdmin } from '../client.js';
import { wordsOf } from '../faults.js';
import { openSender, type OutgoingRecord, type Sender } from './sender.js';

export interface AlertTopicOptions {
  readonly config: KafkaConfig;
  /** Name of the topic; made when it is missing. */
  readonly topic: string;
}

const attempts = 3;
const firstBackoffMs = 500;
/** Transitions in one send: some 256 KiB. */
const mostPerSend = 200;

/**
 * Every transition of an alert as a record: key its id, value its JSON, headers `weir.alert.version` and `.state`. At least once, before the commit: one that is
 * written again has the same id and version. Those of one partition of the source stay in order, in the partition of that number where there is one.
 */
export const kafkaAlertTopic = (options: AlertTopicOptions): AlertTopic => new KafkaAlertTopic(options);

class KafkaAlertTopic implements AlertTopic {
  #sender: Sender | null = null;
  #partitions = 1;

  constructor(private readonly options: AlertTopicOptions) {}

  async open(): Promise<void> {
    const { config, topic } = this.options;
    await withAdmin(config, async (admin) => {
      const [first = topic] = config.topics;
      const partitions = (await countPartitions(admin, first)) ?? 1;
      this.#partitions = await createIfMissing(admin, topic, partitions);
    });
    this.#sender = await openSender(config);
  }

  async write(source: TopicPartition, alerts: readonly Alert[]): Promise<void> {
    for (let from = 0; from < alerts.length; from += mostPerSend) {
      await this.#send(source.partition % this.#partitions, alerts.slice(from, from + mostPerSend).map(recordOf));
    }
  }

  async close(): Promise<void> {
    await this.#sender?.close();
    this.#sender = null;
  }

  async #send(partition: number, records: readonly OutgoingRecord[]): Promise<void> {
    const { topic } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      if (this.#sender === null) throw new ServiceError('kafka_refused', `${topic}: the topic of alerts is closed`);
      try {
        await this.#sender.send(topic, partition, records);
        return;
      } catch (error) {
        if (attempt >= attempts) {
          const what = `can't write ${records.length} alert transitions to ${topic} (alerts.topic): ${wordsOf(error)}`;
          throw new ServiceError('kafka_refused', what, { cause: error });
        }
        await wait(firstBackoffMs * 2 ** (attempt - 1));
      }
    }
  }
}

const recordOf = (alert: Alert): OutgoingRecord => ({
  key: alert.id,
  value: JSON.stringify(alert),
  timestampMs: alert.clearedAtMs ?? alert.history.at(-1)?.atMs ?? alert.raisedAtMs,
  headers: {
    'weir.alert.version': Buffer.from(String(alert.version)),
    'weir.alert.state': Buffer.from(alert.state),
  },
});
