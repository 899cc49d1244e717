/**
 * Baseline: a good hand-written service without exactly-once. kafkajs `eachBatch` with fetches of 8 MB, `JSON.parse` and a check
 * of the fields it uses, one Redis write per batch, offsets committed by kafkajs. Prints `done` after `BENCH_RECORDS` records.
 */
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { Fold } from './fold.js';
import { readingsOf } from './io-codecs.js';

const { BENCH_BROKERS, BENCH_REDIS, BENCH_TOPIC, BENCH_GROUP, BENCH_RECORDS } = process.env;
const [host, port] = BENCH_REDIS.split(':');
const redis = new Redis(Number(port), host);
const consumer = new Kafka({ brokers: BENCH_BROKERS.split(','), logLevel: logLevel.NOTHING }).consumer({
  groupId: BENCH_GROUP,
  maxBytes: 8 << 20,
  maxBytesPerPartition: 8 << 20,
  maxWaitTimeInMs: 250,
});
const fold = new Fold();
let seen = 0;

const isUsable = (record) =>
  typeof record === 'object' &&
  record !== null &&
  typeof record.device_id === 'string' &&
  record.timestamp !== undefined;

await consumer.connect();
await consumer.subscribe({ topics: [BENCH_TOPIC], fromBeginning: true });
await consumer.run({
  partitionsConsumedConcurrently: 8,
  eachBatch: async ({ batch, heartbeat }) => {
    for (const { value } of batch.messages) {
      let record;
      try {
        record = JSON.parse(value.toString());
      } catch {
        continue;
      }
      if (isUsable(record)) fold.add(readingsOf(record));
    }
    const entries = fold.changed();
    if (entries.length > 0) await redis.hset(`bench:${BENCH_GROUP}`, ...entries);
    await heartbeat();
    seen += batch.messages.length;
    if (seen === Number(BENCH_RECORDS)) process.stdout.write('done\n');
  },
});
