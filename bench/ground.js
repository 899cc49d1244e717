import { spawn } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { kafka as kafkaPart } from '../test/servers/kafka.ts';
import { temporaryFolder } from '../test/servers/keeping.ts';
import { redis as redisPart } from '../test/servers/redis.ts';
import { deviceCount, fleet, partitionCount } from './fleet.js';
import { recordBatches } from './record-batches.js';

const perFetch = 4_000;
/** Below the megabyte that a broker takes at once, in every shape. */
const perBatch = 500;

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
    const { seconds } = await this.#send(topic, this.#batchesFile(shape, this.records, perBatch), 0);
    const ends = await this.#kafka.admin.fetchTopicOffsets(topic);
    const held = ends.reduce((sum, { high }) => sum + Number(high), 0);
    if (held !== this.records)
      throw new Error(`${topic} holds ${held} records, not ${this.records}: nothing can be measured on it`);
    this.say(`filled ${topic}: ${held} records in ${seconds.toFixed(1)} s`);
    this.#topics.set(shape, topic);
    return topic;
  }

  /** The same records as a file of fetched record batches, and where each fetch lies in it. */
  fetchesFile(shape) {
    return this.#batchesFile(shape, this.records, perFetch);
  }

  /** Records as a file of record batches, the partitions taking turns, and where each turn lies in it; written once. */
  #batchesFile(shape, records, perTurn) {
    const name = `${shape}-${records}-${perTurn}`;
    const known = this.#files.get(name);
    if (known !== undefined) return known;
    const path = join(this.#folder.path, name);
    const recordOf = fleet(shape, startMs(records));
    const each = records / partitionCount;
    const file = openSync(path, 'w');
    const turns = [];
    let at = 0;
    for (let first = 0; first < each; first += perTurn) {
      for (let partition = 0; partition < partitionCount; partition += 1) {
        const count = Math.min(perTurn, each - first);
        const bytes = recordBatches(
          first,
          Array.from({ length: count }, (_, index) => recordOf(partition, first + index)),
          perBatch,
        );
        writeSync(file, bytes);
        turns.push({ partition, first, count, at, length: bytes.length });
        at += bytes.length;
      }
    }
    closeSync(file);
    writeFileSync(`${path}.json`, JSON.stringify(turns));
    this.#files.set(name, path);
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

  /** Writes down what will be fed, so that feeding costs next to nothing while something is measured. */
  feedFile(shape, records) {
    return this.#batchesFile(shape, records, perBatch);
  }

  /** Produces a file at a steady rate from a process of its own; resolves with the seconds it took. */
  async feed(topic, path, ratePerSecond) {
    const { seconds, usPerRecord } = await this.#send(topic, path, ratePerSecond);
    this.say(`fed ${topic} in ${seconds.toFixed(1)} s; feeding took ${usPerRecord.toFixed(2)} µs a record`);
    return seconds;
  }

  async #send(topic, path, ratePerSecond) {
    const args = [
      fileURLToPath(new URL('./feed.js', import.meta.url)),
      await this.brokers(),
      topic,
      path,
      ratePerSecond,
    ];
    const child = spawn(process.execPath, args.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (text) => (said += text));
    const code = await new Promise((ended) => child.once('close', ended));
    if (code !== 0) throw new Error(`the feeder ended with ${code}`);
    return JSON.parse(said);
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
