/**
 * Baseline: the way most Node consumers are written. kafkajs `eachMessage`, io-ts `decode`, one Redis write per 50 records,
 * offsets committed by kafkajs. Prints `done` when it has seen `BENCH_RECORDS` records.
 */
import { isRight } from 'fp-ts/lib/Either.js';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { Fold } from './fold.js';
import { FlatRecord, NestedRecord, readingsOf } from './io-codecs.js';

const { BENCH_BROKERS, BENCH_REDIS, BENCH_TOPIC, BENCH_GROUP, BENCH_RECORDS, BENCH_SHAPE } = process.env;
const codec = BENCH_SHAPE === 'flat' ? FlatRecord : NestedRecord;
const [host, port] = BENCH_REDIS.split(':');
const redis = new Redis(Number(port), host);
const consumer = new Kafka({ brokers: BENCH_BROKERS.split(','), logLevel: logLevel.NOTHING }).consumer({
  groupId: BENCH_GROUP,
});
const fold = new Fold();
let seen = 0;

await consumer.connect();
await consumer.subscribe({ topics: [BENCH_TOPIC], fromBeginning: true });
await consumer.run({
  partitionsConsumedConcurrently: 8,
  eachMessage: async ({ message }) => {
    const decoded = codec.decode(JSON.parse(message.value.toString()));
    if (isRight(decoded)) fold.add(readingsOf(decoded.right));
    seen += 1;
    if (seen % 50 === 0) {
      const entries = fold.changed();
      if (entries.length > 0) await redis.hset(`bench:${BENCH_GROUP}`, ...entries);
    }
    if (seen === Number(BENCH_RECORDS)) process.stdout.write('done\n');
  },
});
