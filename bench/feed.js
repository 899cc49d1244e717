/** Produces a shape at a steady rate: `node bench/feed.js BROKERS TOPIC SHAPE RATE SECONDS`. Exits with 1 when it can't keep the pace. */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { fleet, partitionCount } from './fleet.js';

const [brokers, topic, shape, ratePerSecond, seconds] = process.argv.slice(2);
const turnMs = 200;
const perTurn = Math.round((Number(ratePerSecond) * turnMs) / 1_000 / partitionCount);
const turns = (Number(seconds) * 1_000) / turnMs;
const recordOf = fleet(shape, Date.now() - 60_000);
const producer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).producer({
  allowAutoTopicCreation: false,
});
await producer.connect();
const startedAt = performance.now();
for (let turn = 0; turn < turns; turn += 1) {
  const sends = Array.from({ length: partitionCount }, (_, partition) => {
    const messages = Array.from({ length: perTurn }, (_, index) => {
      const { key, value, timestampMs } = recordOf(partition, turn * perTurn + index);
      return { key, value, partition, timestamp: String(timestampMs) };
    });
    return producer.send({ topic, acks: 1, messages });
  });
  await Promise.all(sends);
  await delay(Math.max(0, startedAt + (turn + 1) * turnMs - performance.now()));
}
const took = (performance.now() - startedAt) / 1_000;
await producer.disconnect();
if (took > Number(seconds) * 1.1) {
  process.stderr.write(
    `the feeder needed ${took.toFixed(1)} s for ${seconds} s: this machine is too busy for ${ratePerSecond} records/s\n`,
  );
  process.exit(1);
}
