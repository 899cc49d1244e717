import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  assemble,
  deadLetterRing,
  defaultConfig,
  defaultSettings,
  eachRecord,
  EmbeddedLog,
  embeddedSource,
  memoryStore,
  right,
  type Config,
  type OwnOperator,
  type Service,
  type Telemetry,
} from '../../../src/index.js';
import { consumerServiceOn, type KafkaConsumerService } from '../../../src/library/consumer-service.js';

const config = (): Config => {
  const given = defaultConfig();
  return {
    ...given,
    http: { ...given.http, port: 0 },
    ops: { ...given.ops, port: 0 },
    log: { level: 'silent' },
    processing: { ...given.processing, commitIntervalMs: 10 },
  };
};

const started: KafkaConsumerService[] = [];
afterEach(async () => {
  for (const consumer of started.splice(0)) await consumer.stop();
});

/** A consumer service on a log, a store and a ring in this process. */
const embedded = (own?: OwnOperator) => {
  const log = new EmbeddedLog({ topics: { 'device-data': 2, others: 1 } });
  const ring = deadLetterRing({ capacity: 10 });
  const { redis } = config();
  const settings = defaultSettings();
  const { store, reader, care } = memoryStore({ ...redis, settings });
  const open = ({ config: { kafka, ...rest } }: { readonly config: Config }): Promise<Service> =>
    Promise.resolve(
      assemble(
        { kafka, ...rest },
        settings,
        (report) => ({
          kind: 'embedded',
          group: kafka.groupId,
          source: embeddedSource({ log, config: kafka, batchSize: 10, report }),
          ...{ store, reader, care, deadLetters: ring, feed: null },
        }),
        own,
      ),
    );
  const consumer = consumerServiceOn(open)({ config: config() });
  started.push(consumer);
  const append = (topic: string, device: string, temperature: unknown): void => {
    const value = JSON.stringify({ device_id: device, timestamp: new Date().toISOString(), temperature });
    log.append(topic, { key: device, value, timestampMs: Date.now(), headers: {} });
  };
  return { consumer, append, reader, ring };
};

const settledRecords = (consumer: KafkaConsumerService, topic = 'device-data'): number =>
  consumer.getMetrics().records[topic]?.read ?? 0;

describe('a Kafka consumer service', () => {
  test('knows nothing and is not ready before its start', async () => {
    const { consumer } = embedded();
    expect(consumer.getMetrics()).toMatchObject({ records: {}, lag: null, activePartitions: 0 });
    expect(await consumer.getHealth()).toMatchObject({
      status: 'not_ready',
      dependencies: { source: { detail: 'not started' } },
    });
    expect(consumer.service).toBeNull();
    await consumer.stop();
  });

  test('reads, counts and tells how it is; stops, and goes on where it was when started again', async () => {
    const { consumer, append, reader, ring } = embedded();
    for (const device of ['a', 'b', 'c']) append('device-data', device, 21);
    append('device-data', 'd', 'warm');
    await consumer.start();
    await vi.waitUntil(() => settledRecords(consumer) === 4);
    expect(consumer.getMetrics()).toMatchObject({
      records: { 'device-data': { read: 4, counted: 3, dead: 1 } },
      ...{ lag: 0, activePartitions: 2 },
    });
    expect((await consumer.getHealth()).status).toBe('ready');
    expect((await reader.devices({ limit: 10 })).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(ring.letters().map(({ rejection }) => rejection._tag)).toEqual(['schema']);

    await consumer.stop();
    expect(consumer.service).toBeNull();
    append('device-data', 'e', 22);
    await consumer.start();
    await vi.waitUntil(() => settledRecords(consumer) === 1);
    expect((await reader.totals())['device-data']).toMatchObject({ read: 5, counted: 4, dead: 1 });
  });

  test('subscribes to other topics, but not while it runs', async () => {
    const { consumer, append } = embedded();
    append('others', 'o', 21);
    consumer.subscribe(['others']);
    await consumer.start();
    await vi.waitUntil(() => settledRecords(consumer, 'others') === 1);
    expect(consumer.getMetrics().activePartitions).toBe(1);
    expect(() => consumer.subscribe(['device-data'])).toThrow('before start');
    expect(() => embedded().consumer.subscribe([])).toThrow('one topic at least');
  });

  test('starts once, however often it is asked to', async () => {
    const { consumer } = embedded();
    await Promise.all([consumer.start(), consumer.start()]);
    const { service } = consumer;
    await consumer.start();
    expect(consumer.service).toBe(service);
  });

  test('runs an operator of your own in the service', async () => {
    const seen: string[] = [];
    const { consumer, append } = embedded(() =>
      eachRecord<Telemetry, Telemetry>((telemetry) => {
        seen.push(telemetry.device.id);
        return right(telemetry);
      }),
    );
    append('device-data', 'mine', 21);
    await consumer.start();
    await vi.waitUntil(() => settledRecords(consumer) === 1);
    expect(seen).toEqual(['mine']);
  });

  test('a start that fails says why, leaves nothing open, and may be tried again', async () => {
    const { consumer: first } = embedded();
    await first.start();
    const port = Number(new URL(first.service?.url ?? '').port);
    const { http, ...rest } = config();
    const settings = defaultSettings();
    const taken = { ...rest, http: { ...http, port } };
    const failing = consumerServiceOn(() =>
      Promise.resolve(
        assemble(taken, settings, (report) => {
          const log = new EmbeddedLog({ topics: { 'device-data': 1 } });
          const { store, reader, care } = memoryStore({ keepWindows: 1, keepAlerts: 1, settings });
          const source = embeddedSource({ log, config: taken.kafka, batchSize: 10, report });
          return {
            kind: 'embedded',
            group: 'g',
            source,
            store,
            reader,
            care,
            deadLetters: deadLetterRing({ capacity: 1 }),
            feed: null,
          };
        }),
      ),
    )({ config: taken });
    await expect(failing.start()).rejects.toMatchObject({ code: 'port_taken' });
    expect(failing.service).toBeNull();
    await first.stop();
    await failing.start();
    expect((await failing.getHealth()).status).toBe('ready');
    await failing.stop();
  });
});
