import { spawn } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { kafka as kafkaPart } from '../test/servers/kafka.ts';
import { temporaryFolder } from '../test/servers/keeping.ts';
import { redis as redisPart } from '../test/servers/redis.ts';
import { deviceCount, fleet, partitionCount } from './fleet.js';
import { recordBatches } from './record-batches.js';

const perFetch = 4_000;
const perBatch = 500;
/** Below the megabyte that a broker takes at once, in every shape. */
const perSend = 800;

/**
 * What the cases stand on: a broker and a Redis (from the environment, else Docker, else started here; a broker only if a case asks for
 * one), topics and files filled with the fleet's records, and a look at what was really counted.
 */
export const openGround = async ({ say, records }) => {
  const ground = new Ground(say, records);
  await ground.open();
  return ground;
};

/** The fleet's clock begins so that its last records are a little older than now: too old, and a broker would throw them away. */
const startMs = (records) =>
  Math.floor(Date.now() / 60_000) * 60_000 - Math.ceil(records / deviceCount) * 1_000 - 60_000;

class Ground {
  #parts = [];
  #folder = temporaryFolder('weir-bench');
  #topics = new Map();
  #files = new Map();
  #kafka = null;

  constructor(say, records) {
    this.say = say;
    this.records = records;
  }

  async open() {
    const part = await redisPart();
    this.#parts.push(part);
    this.redis = part.address;
    const [host, port] = part.address.split(':');
    this.client = new Redis(Number(port), host);
    this.say(`Redis ${part.version} ${part.from}`);
  }

  async brokers() {
    this.#kafka ??= await this.#openKafka();
    return this.#kafka.address;
  }

  async #openKafka() {
    const part = await kafkaPart();
    this.#parts.push(part);
    this.say(`Kafka ${part.version} ${part.from}`);
    const kafka = new Kafka({ brokers: part.address.split(','), logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    return { address: part.address, kafka, admin };
  }

  /** A topic of its own; gone with the ground. */
  async emptyTopic(name) {
    await this.brokers();
    const topic = `bench-${name}-${process.pid}-${Date.now()}`;
    const configEntries = [{ name: 'retention.ms', value: '-1' }];
    await this.#kafka.admin.createTopics({
      waitForLeaders: true,
      topics: [{ topic, numPartitions: partitionCount, replicationFactor: 1, configEntries }],
    });
    this.#topics.set(`${name}-${topic}`, topic);
    return topic;
  }

  /** A topic with all records of a shape; filled once. */
  async filledTopic(shape) {
    const known = this.#topics.get(shape);
    if (known !== undefined) return known;
    const topic = await this.emptyTopic(shape);
    const beganAt = performance.now();
    const producer = this.#kafka.kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    const recordOf = fleet(shape, startMs(this.records));
    const each = this.records / partitionCount;
    await Promise.all(
      Array.from({ length: partitionCount }, (_, partition) => fill(producer, topic, partition, each, recordOf)),
    );
    await producer.disconnect();
    const ends = await this.#kafka.admin.fetchTopicOffsets(topic);
    const held = ends.reduce((sum, { high }) => sum + Number(high), 0);
    if (held !== this.records)
      throw new Error(`${topic} holds ${held} records, not ${this.records}: nothing can be measured on it`);
    this.say(`filled ${topic}: ${held} records in ${((performance.now() - beganAt) / 1_000).toFixed(1)} s`);
    this.#topics.set(shape, topic);
    return topic;
  }

  /** The same records as a file of fetched record batches, and where each fetch lies in it; written once. */
  fetchesFile(shape) {
    const known = this.#files.get(shape);
    if (known !== undefined) return known;
    const path = join(this.#folder.path, shape);
    const recordOf = fleet(shape, startMs(this.records));
    const each = this.records / partitionCount;
    const file = openSync(path, 'w');
    const fetches = [];
    let at = 0;
    for (let first = 0; first < each; first += perFetch) {
      for (let partition = 0; partition < partitionCount; partition += 1) {
        const count = Math.min(perFetch, each - first);
        const records = Array.from({ length: count }, (_, index) => recordOf(partition, first + index));
        const bytes = recordBatches(first, records, perBatch);
        writeSync(file, bytes);
        fetches.push({ partition, first, count, at, length: bytes.length });
        at += bytes.length;
      }
    }
    closeSync(file);
    writeFileSync(`${path}.json`, JSON.stringify(fetches));
    this.#files.set(shape, path);
    return path;
  }

  /** Records settled so far, by the offsets in Redis: offsets begin at 0. */
  async settled(topic, group) {
    const nexts = await Promise.all(
      partitions.map((partition) => this.client.hget(`{${topic}:${partition}}:${group}:meta`, 'next')),
    );
    return nexts.reduce((sum, next) => sum + Number(next ?? 0), 0);
  }

  /** Whether every partition has an owner. */
  async owned(topic, group) {
    const epochs = partitions.map((partition) => this.client.hget(`{${topic}:${partition}}:${group}:meta`, 'epoch'));
    return (await Promise.all(epochs)).every((epoch) => epoch !== null);
  }

  /** Produces at a steady rate from a process of its own; resolves with the seconds it took. */
  async feed(topic, shape, ratePerSecond, seconds) {
    const args = [
      fileURLToPath(new URL('./feed.js', import.meta.url)),
      await this.brokers(),
      topic,
      shape,
      ratePerSecond,
      seconds,
    ];
    const startedAt = performance.now();
    const child = spawn(process.execPath, args.map(String), { stdio: ['ignore', 'inherit', 'inherit'] });
    const code = await new Promise((ended) => child.once('exit', ended));
    if (code !== 0) throw new Error(`the feeder ended with ${code}`);
    return (performance.now() - startedAt) / 1_000;
  }

  /** Errors: throws unless exactly these records were read and counted, and every device of the fleet is there. */
  async verify(topic, group, { records = this.records, devices: expected = deviceCount } = {}) {
    let [read, counted, devices] = [0, 0, 0];
    for (const partition of partitions) {
      const keys = `{${topic}:${partition}}:${group}`;
      const { tally } = JSON.parse(
        (await this.client.hget(`${keys}:meta`, 'partition')) ?? '{"tally":{"read":0,"counted":0}}',
      );
      read += tally.read;
      counted += tally.counted;
      devices += await this.client.hlen(`${keys}:devices`);
    }
    if (read === records && counted === records && devices === expected) return;
    throw new Error(
      `${group} read ${read} and counted ${counted} of ${records} records, and knows ${devices} of ${expected} devices: its figures mean nothing`,
    );
  }

  /** The same of a baseline, which keeps all its devices in one hash. */
  async verifyBaseline(group) {
    const devices = await this.client.hlen(`bench:${group}`);
    if (devices === deviceCount) return;
    throw new Error(`${group} knows ${devices} devices: its figures mean nothing`);
  }

  /** Removes what a group left, so that every case finds the same Redis. */
  async forget(group) {
    for await (const keys of this.client.scanStream({ match: `*${group}*`, count: 5_000 })) {
      if (keys.length > 0) await this.client.unlink(...keys);
    }
  }

  async close() {
    this.client?.disconnect();
    if (this.#kafka !== null) {
      await this.#kafka.admin.deleteTopics({ topics: [...new Set(this.#topics.values())] }).catch(() => undefined);
      await this.#kafka.admin.disconnect();
    }
    for (const part of this.#parts) await part.stop();
    this.#folder.remove();
  }
}

const partitions = Array.from({ length: partitionCount }, (_, partition) => partition);

/** One send at a time per partition: wider sends can resolve without having been written. */
const fill = async (producer, topic, partition, count, recordOf) => {
  for (let first = 0; first < count; first += perSend) {
    const messages = Array.from({ length: Math.min(perSend, count - first) }, (_, index) => {
      const { key, value, timestampMs } = recordOf(partition, first + index);
      return { key, value, timestamp: String(timestampMs), partition };
    });
    await producer.send({ topic, acks: 1, messages });
  }
};
