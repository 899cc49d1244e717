/**
 * One process of the in-process cases: fetched record batches from memory ► decoder ► pipeline ► runner ► Redis, without a broker. The
 * partitions are those of the Kafka adapter; only the fetching beneath them is replaced. Prints one line of JSON.
 *
 * BENCH_FETCHES (file), BENCH_REDIS, BENCH_GROUP, BENCH_TOPIC, BENCH_MODE: `full`, as fast as it goes, or `settle-50`.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setImmediate, setInterval } from 'node:timers';
import { setTimeout as delay } from 'node:timers/promises';
import { lastValueFrom, Subject } from 'rxjs';
import { defaultConfig } from '../dist/src/config/defaults.js';
import { createMeter } from '../dist/src/ops/meter.js';
import { fixedRules } from '../dist/src/rules/active.js';
import { defaultSettings } from '../dist/src/rules/default-settings.js';
import { runService } from '../dist/src/service/run.js';
import { redisStore } from '../dist/src/sinks/redis/store.js';
import { Budget } from '../dist/src/sources/budget.js';
import { FetchedBatch } from '../dist/src/sources/kafka/wire/fetched-batch.js';
import { KafkaPartition } from '../dist/src/sources/kafka/partition.js';
import { RecordSetReader } from '../dist/src/sources/kafka/wire/record-set.js';
import { Turns } from '../dist/src/sources/turns.js';
import { chunkOf } from '../dist/streams/model/chunk.js';

const { BENCH_FETCHES, BENCH_REDIS, BENCH_GROUP, BENCH_TOPIC, BENCH_MODE } = process.env;
const config = defaultConfig();
config.redis.endpoints = [BENCH_REDIS];
const report = (event) => {
  const isBad = ['fault', 'store_refused', 'rolled_back', 'fenced', 'data_loss', 'partition_halted'].includes(
    event._tag,
  );
  if (isBad) process.stderr.write(`${JSON.stringify(event)}\n`);
};

// All of it in memory beforehand: reading a file is nothing that the service does.
const input = readFileSync(BENCH_FETCHES);
const fetches = JSON.parse(readFileSync(`${BENCH_FETCHES}.json`, 'utf8'));
const bytesOf = ({ at, length }) => input.subarray(at, at + length);

/** In place of the consumer: fetches when a partition wants it, and not twice at a time. */
class Log {
  #isWanted = false;
  #isFetching = false;

  constructor(partition, config, budget, turns) {
    this.source = { topic: BENCH_TOPIC, partition };
    this.fetches = fetches.filter((fetch) => fetch.partition === partition);
    this.end = this.fetches.reduce((sum, { count }) => sum + count, 0);
    this.settledTo = 0;
    this.partition = new KafkaPartition(this.source, 1, {
      fetching: {
        pause: () => (this.#isWanted = false),
        resumeAt: () => {
          this.#isWanted = true;
          void this.#fetch();
        },
        ends: () => Promise.resolve({ low: 0, high: this.end }),
      },
      budget,
      turns,
      report,
      history: { first: null, lostTo: null },
      reset: 'earliest',
      batchSize: config.processing.batchSize,
      maxPollRecords: config.kafka.maxPollRecords,
      maxBatchBytes: config.kafka.maxBatchBytes,
      nowMs: () => performance.now(),
    });
  }

  async #fetch() {
    if (this.#isFetching) return;
    this.#isFetching = true;
    while (this.#isWanted) {
      await new Promise((turn) => setImmediate(turn));
      const next = this.partition.fetchNext;
      const fetch = next === null ? undefined : this.fetches.find(({ first }) => first === next);
      if (fetch === undefined) break;
      const data = { partition: this.source.partition, highWatermark: String(this.end), messages: bytesOf(fetch) };
      await this.partition.offer(new FetchedBatch(BENCH_TOPIC, String(next), data));
    }
    this.#isFetching = false;
  }
}

const cpuUs = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

const budget = new Budget(config.kafka.maxPartitionBytes, config.kafka.maxTotalBytes);
const turns = new Turns();
const logs = [...new Set(fetches.map(({ partition }) => partition))].map(
  (partition) => new Log(partition, config, budget, turns),
);
const partitions$ = new Subject();
const store = redisStore({ config: config.redis, group: BENCH_GROUP, report });
const meter = createMeter({ version: 'bench', topics: [BENCH_TOPIC] });
let settled = 0;
let settles = 0;
let onSettled = () => undefined;
const parts = {
  source: { partitions$ },
  store,
  deadLetters: {
    write: (_source, [letter]) => Promise.reject(new Error(`a dead letter: ${letter?.rejection.message}`)),
  },
  push: { isListened: false, clients: 0, devices: () => undefined, alerts: () => undefined },
  meter: {
    settled: (step) => {
      meter.settled(step);
      settled += step.tally.read;
      settles += 1;
      onSettled();
    },
  },
  report,
  rules: fixedRules(defaultSettings()),
  processing: BENCH_MODE === 'settle-50' ? { ...config.processing, commitIntervalMs: 1 } : config.processing,
};
const until = (records) =>
  new Promise((done) => {
    onSettled = () => settled >= records && done();
    onSettled();
  });

await store.open();
const running = lastValueFrom(runService(parts), { defaultValue: undefined });
running.catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});

const perRecord = (records, startedAt, cpuBefore) => {
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = cpuUs() - cpuBefore;
  return { rate: records / seconds, usPerRecord: cpu / records, cores: cpu / 1e6 / seconds, records: settled };
};

/** Everything there is, from the first fetch to the last commit. */
const full = async () => {
  const records = fetches.reduce((sum, { count }) => sum + count, 0);
  const [startedAt, cpuBefore] = [performance.now(), cpuUs()];
  for (const { partition } of logs) partitions$.next(partition);
  await until(records);
  return perRecord(records, startedAt, cpuBefore);
};

/**
 * Fifty records of one partition at a time, each fifty settled by itself; the next come at once, and the service waits its shortest
 * interval, 1 ms. A pause of the driver's own would count too: waking up costs some 80 µs on a virtual machine.
 */
const settle50 = async () => {
  const [warm, measured] = [400, 1_200];
  const source = { topic: BENCH_TOPIC, partition: fetches[0].partition };
  const fifties = inFifties(source.partition);
  const chunks$ = new Subject();
  const nothing = () => undefined;
  const rest = {
    session: 1,
    isAssigned: true,
    isReadable: true,
    isLaden: false,
    settled: nothing,
    pause: nothing,
    resume: nothing,
  };
  partitions$.next({ source, read: () => chunks$, ...rest });
  while (!chunks$.observed) await delay(5);
  let [startedAt, cpuBefore] = [0, 0];
  for (let round = 0; round < warm + measured; round += 1) {
    if (round === warm) [startedAt, cpuBefore] = [performance.now(), cpuUs()];
    const done = until(settled + 50);
    chunks$.next(fifties.next().value);
    await done;
  }
  if (settles !== warm + measured) throw new Error(`${settles} settles of ${warm + measured} times 50 records`);
  return perRecord(measured * 50, startedAt, cpuBefore);
};

function* inFifties(partition) {
  for (const fetch of fetches) {
    if (fetch.partition !== partition) continue;
    const set = new RecordSetReader(
      { bytes: bytesOf(fetch), aborted: [] },
      { from: fetch.first, maxBatchBytes: 1 << 25 },
    );
    while (!set.isDone) {
      const records = set.take(50);
      if (records.length === 50) yield chunkOf({ topic: BENCH_TOPIC, partition }, records, set.next);
    }
  }
  throw new Error('not enough records: --records must be at least 640000');
}

const result = await { full, 'settle-50': settle50 }[BENCH_MODE]();
// The input is no part of a service.
result.rssMb = process.resourceUsage().maxRSS / 1_024 - input.length / 2 ** 20;
result.settles = settles;
process.stdout.write(`${JSON.stringify(result)}\n`);
// Whoever measures looks at what was stored, then ends this process.
setInterval(() => undefined, 60_000);
