import type { TopicPartition } from '../../../streams/model/units.js';
import type { RedisConfig } from '../../config/config.js';
import { type ClosableReader, type ReaderSettings, resultReader } from '../../results/reader.js';
import type { StoredResults } from '../../results/stored-results.js';
import { partitionKeys, type PartitionKeys, partitionName, partitionsKey, sourceOf } from './keys.js';
import { Questions } from './questions.js';

export interface RedisReaderOptions {
  readonly config: RedisConfig;
  readonly group: string;
  readonly settings: ReaderSettings;
}

/** Results read from Redis over a connection of its own, which the first question opens. */
export const redisReader = ({ config, group, settings }: RedisReaderOptions): ClosableReader =>
  resultReader(new RedisResults(config, group), settings);

/** Errors: every question rejects with `ServiceError` when Redis is away or does not answer. */
class RedisResults implements StoredResults {
  readonly #questions: Questions;

  constructor(
    config: RedisConfig,
    readonly group: string,
  ) {
    this.#questions = new Questions(config, 'weir-reader');
  }

  async partitions(): Promise<readonly TopicPartition[]> {
    return (await this.#questions.ask((client) => client.smembers(partitionsKey(this.group)))).map(sourceOf);
  }

  ids(source: TopicPartition, after: string | null, limit: number): Promise<readonly string[]> {
    const from = after === null ? '-' : `(${after}`;
    return this.#questions.ask((client) =>
      client.zrange(this.#keys(source).ids, from, '+', 'BYLEX', 'LIMIT', 0, limit),
    );
  }

  devices(source: TopicPartition, ids: readonly string[]): Promise<readonly (string | null)[]> {
    return this.#questions.ask((client) => client.hmget(this.#keys(source).devices, ...ids));
  }

  closedWindows: StoredResults['closedWindows'] = (source, kind, device, { fromMs, toMs, limit }) => {
    const newest = toMs === null ? '+inf' : `(${toMs}`;
    const key = this.#keys(source).windows(kind, device);
    return this.#questions.ask((client) =>
      client.zrange(key, newest, fromMs ?? '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, limit),
    );
  };

  alerts(source: TopicPartition): Promise<readonly string[]> {
    return this.#questions.ask((client) => client.hvals(this.#keys(source).alerts));
  }

  async cares(source: TopicPartition): Promise<ReadonlyMap<string, string>> {
    return new Map(Object.entries(await this.#questions.ask((client) => client.hgetall(this.#keys(source).care))));
  }

  own(source: TopicPartition): Promise<string | null> {
    return this.#questions.ask((client) => client.hget(this.#keys(source).meta, 'partition'));
  }

  close(): Promise<void> {
    return this.#questions.close();
  }

  #keys(source: TopicPartition): PartitionKeys {
    return partitionKeys(this.group, partitionName(source));
  }
}
