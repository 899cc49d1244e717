import type { KafkaConfig } from '../../../../../src/config/config.js';
import type { FetchedBatch } from '../../../../../src/sources/kafka/wire/fetched-batch.js';
import type { Settled } from '../../../../../src/sources/kafka/group/lazy-commits.js';
import type { Member, MemberListener } from '../../../../../src/sources/kafka/group/member.js';
import { asOffset, type Offset, type TopicPartition } from '../../../../../streams/model/units.js';

/** A consumer whose part in the group is played by the test. */
export class FakeMember implements Member {
  readonly told: string[] = [];
  readonly committed: (readonly Settled[])[] = [];
  silentForMs = 0;
  leaves = true;
  joinError: Error | null = null;
  logEnds = { low: asOffset(0), high: asOffset(1_000) };

  constructor(readonly listener: MemberListener) {}

  join(): Promise<void> {
    this.told.push('join');
    return this.joinError === null ? Promise.resolve() : Promise.reject(this.joinError);
  }

  pause({ partition }: TopicPartition): void {
    this.told.push(`pause ${partition}`);
  }

  resumeAt({ partition }: TopicPartition, offset: Offset): void {
    this.told.push(`resume ${partition} at ${offset}`);
  }

  ends(): Promise<typeof this.logEnds> {
    return Promise.resolve(this.logEnds);
  }

  commit(offsets: readonly Settled[]): Promise<void> {
    this.committed.push(offsets);
    return Promise.resolve();
  }

  close(): Promise<boolean> {
    this.told.push('close');
    return Promise.resolve(this.leaves);
  }

  fetched(batch: FetchedBatch): Promise<Offset | null> {
    return this.listener.fetched(batch);
  }
}

export const topic = 'telemetry';
export const partitionsOf = (...ids: readonly number[]): readonly TopicPartition[] =>
  ids.map((partition) => ({ topic, partition }));

export const config: KafkaConfig = {
  brokers: ['127.0.0.1:1'],
  clientId: 'test',
  ssl: null,
  sasl: null,
  groupId: 'readers',
  topics: [topic],
  autoOffsetReset: 'earliest',
  sessionTimeoutMs: 10_000,
  heartbeatIntervalMs: 1_000,
  rebalanceTimeoutMs: 12_000,
  strategies: ['Sticky'],
  maxPollRecords: 500,
  maxPartitionBytes: 1_000_000,
  maxTotalBytes: 10_000_000,
  fetchBytes: 256_000,
  maxBatchBytes: 1_000_000,
  deadLetterSuffix: '.dlq',
};
