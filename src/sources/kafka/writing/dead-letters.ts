import { setTimeout as wait } from 'node:timers/promises';
import type { DeadLetter } from '../../../../streams/model/rejection.js';
import type { TopicPartition } from '../../../../streams/model/units.js';
import type { KafkaConfig } from '../../../config/config.js';
import type { Report } from '../../../events.js';
import type { DeadLetterSink, Health } from '../../../ports.js';
import { ServiceError } from '../../../service-error.js';
import { countPartitions, createIfMissing } from '../admin.js';
import { withAdmin } from '../client.js';
import { isTooLarge, wordsOf } from '../faults.js';
import { bytesOf, letterOf, shortenedLetterOf } from './letter.js';
import { openSender, type OutgoingRecord, type Sender } from './sender.js';

export interface DeadLetterOptions {
  readonly config: KafkaConfig;
  readonly report: Report;
}

/** Well below the 1 MiB that a broker takes as one batch by default. */
const maxSendBytes = 256 * 1024;
const attempts = 3;
const firstBackoffMs = 500;

/**
 * Rejected records go to `<topic><suffix>`, to the partition with the number they came from where there is one. A letter may be written again
 * when the service is stopped between writing it and settling its record: its headers name the record, so that copies can be told.
 */
export const kafkaDeadLetters = (options: DeadLetterOptions): DeadLetterSink => new KafkaDeadLetters(options);

class KafkaDeadLetters implements DeadLetterSink {
  #sender: Sender | null = null;
  /** Number of partitions of each dead-letter topic. */
  readonly #partitions = new Map<string, number>();
  #lastFault: string | null = null;

  constructor(private readonly options: DeadLetterOptions) {}

  async open(): Promise<void> {
    const { config } = this.options;
    await withAdmin(config, async (admin) => {
      for (const topic of config.topics) {
        const name = `${topic}${config.deadLetterSuffix}`;
        const partitions = (await countPartitions(admin, topic)) ?? 1;
        const found = await createIfMissing(admin, name, partitions).catch((error: unknown) => {
          throw refused(
            `can't create ${name}: create it by hand with ${partitions} partitions, or let the user CREATE it`,
            error,
          );
        });
        this.#partitions.set(name, found);
      }
    });
    this.#sender = await openSender(config);
  }

  async write(source: TopicPartition, letters: readonly DeadLetter[]): Promise<void> {
    const topic = `${source.topic}${this.options.config.deadLetterSuffix}`;
    const partition = source.partition % (this.#partitions.get(topic) ?? 1);
    for (const batch of inBatches(source, letters)) await this.#writeBatch(source, { topic, partition }, batch);
  }

  health(): Promise<Health> {
    const isReady = this.#sender !== null && this.#lastFault === null;
    return Promise.resolve({ isReady, detail: this.#lastFault ?? (this.#sender === null ? 'not open' : 'open') });
  }

  async close(): Promise<void> {
    await this.#sender?.close();
    this.#sender = null;
  }

  async #writeBatch(source: TopicPartition, target: TopicPartition, batch: readonly DeadLetter[]): Promise<void> {
    try {
      await this.#send(
        source,
        target,
        batch.map((letter) => letterOf(source, letter)),
      );
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      const [first, ...others] = batch;
      if (first === undefined) return;
      if (others.length === 0) return this.#send(source, target, [shortenedLetterOf(source, first)]);
      for (const letter of batch) await this.#writeBatch(source, target, [letter]);
    }
  }

  async #send(source: TopicPartition, target: TopicPartition, records: readonly OutgoingRecord[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      if (this.#sender === null) throw refused('the dead-letter sink is closed', null);
      try {
        await this.#sender.send(target.topic, target.partition, records);
        this.#lastFault = null;
        return;
      } catch (error) {
        if (isTooLarge(error)) throw error;
        this.#lastFault = wordsOf(error);
        if (attempt >= attempts)
          throw refused(`can't keep ${records.length} rejected records in ${target.topic}`, error);
        this.options.report({ _tag: 'dead_letters_retried', source, message: this.#lastFault, attempt });
        await wait(firstBackoffMs * 2 ** (attempt - 1));
      }
    }
  }
}

const refused = (what: string, error: unknown): ServiceError =>
  new ServiceError('dead_letters_refused', error === null ? what : `${what}: ${wordsOf(error)}`, { cause: error });

/** In order, each small enough for one send; a letter that alone is larger stands alone. */
const inBatches = (source: TopicPartition, letters: readonly DeadLetter[]): readonly (readonly DeadLetter[])[] => {
  const batches: DeadLetter[][] = [];
  let room = 0;
  for (const letter of letters) {
    const bytes = bytesOf(letterOf(source, letter));
    const last = batches.at(-1);
    if (last === undefined || bytes > room) {
      batches.push([letter]);
      room = maxSendBytes - bytes;
    } else {
      last.push(letter);
      room -= bytes;
    }
  }
  return batches;
};
