import type { TopicPartition } from '../../../streams/model/units.js';
import type { RedisConfig } from '../../config/config.js';
import { type ClosableReader, type ReaderSettings, resultReader } from '../../results/reader.js';
import type { StoredResults } from '../../results/stored-results.js';
import { answerOf, type Client, createClient, type Patience } from './client.js';
import { asRedisError } from './faults.js';
import { partitionKeys, type PartitionKeys, partitionName, partitionsKey, sourceOf } from './keys.js';
import { LastError } from './last-error.js';
import { within } from './within.js';

export interface RedisReaderOptions {
  readonly config: RedisConfig;
  readonly group: string;
  readonly settings: ReaderSettings;
}

/** Somebody waits for the page: better to say soon that Redis is away. */
const patience: Patience = { connectMs: 2_000, replyMs: 4_000 };

/** Results read from Redis over a connection of its own, which the first question opens. */
export const redisReader = ({ config, group, settings }: RedisReaderOptions): ClosableReader =>
  resultReader(new RedisResults(config, group), settings);

/** Errors: every question rejects with `ServiceError` when Redis is away or does not answer. */
class RedisResults implements StoredResults {
  readonly #client: Client;
  readonly #last: LastError;
  readonly #where: string;

  constructor(
    config: RedisConfig,
    readonly group: string,
  ) {
    this.#client = createClient(config, 'weir-reader', patience);
    this.#last = new LastError([this.#client]);
    this.#where = `redis ${config.endpoints.join(', ')}`;
  }

  async partitions(): Promise<readonly TopicPartition[]> {
    return (await this.#ask((client) => client.smembers(partitionsKey(this.group)))).map(sourceOf);
  }

  ids(source: TopicPartition, after: string | null, limit: number): Promise<readonly string[]> {
    const from = after === null ? '-' : `(${after}`;
    return this.#ask((client) => client.zrange(this.#keys(source).ids, from, '+', 'BYLEX', 'LIMIT', 0, limit));
  }

  devices(source: TopicPartition, ids: readonly string[]): Promise<readonly (string | null)[]> {
    return this.#ask((client) => client.hmget(this.#keys(source).devices, ...ids));
  }

  closedWindows: StoredResults['closedWindows'] = (source, metric, device, { fromMs, toMs, limit }) => {
    const newest = toMs === null ? '+inf' : `(${toMs}`;
    const key = this.#keys(source).windows(metric, device);
    return this.#ask((client) => client.zrange(key, newest, fromMs ?? '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, limit));
  };

  alerts(source: TopicPartition): Promise<readonly string[]> {
    return this.#ask((client) => client.hvals(this.#keys(source).alerts));
  }

  own(source: TopicPartition): Promise<string | null> {
    return this.#ask((client) => client.hget(this.#keys(source).meta, 'partition'));
  }

  close(): Promise<void> {
    this.#client.disconnect();
    return Promise.resolve();
  }

  #keys(source: TopicPartition): PartitionKeys {
    return partitionKeys(this.group, partitionName(source));
  }

  async #ask<A>(question: (client: Client) => Promise<A>): Promise<A> {
    try {
      const asked = answerOf(this.#client, question(this.#client), patience.replyMs);
      return await within(patience.replyMs, asked, () => this.#last.error);
    } catch (error) {
      throw asRedisError(this.#client.status === 'ready' ? error : (this.#last.error ?? error), this.#where);
    }
  }
}
