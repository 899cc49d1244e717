import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { devicesPerPartition } from './fleet.js';
import { cpuMicroseconds, measureProcess } from './measure.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** As the container has it. */
const semiSpace = ['--min-semi-space-size=32', '--max-semi-space-size=32'];

let runs = 0;
const freshGroup = (name) => `bench-${name}-${process.pid}-${(runs += 1)}`;

const perRecord = ({ seconds, cpuUs, rssMb }, records) => ({
  rate: records / seconds,
  usPerRecord: cpuUs / records,
  rssMb,
  cores: cpuUs / 1e6 / seconds,
});

/** Decoder, pipeline, runner and real Redis in one process, fed with fetches from a file: no broker. */
const inProcess =
  (shape, mode = 'full') =>
  async (ground) => {
    const name = `inprocess-${shape}-${mode}`;
    const group = freshGroup(name);
    let result;
    await measureProcess({
      args: [...semiSpace, here('./in-process.js')],
      env: {
        BENCH_FETCHES: ground.fetchesFile(shape),
        BENCH_REDIS: ground.redis,
        BENCH_GROUP: group,
        BENCH_TOPIC: name,
        BENCH_MODE: mode,
      },
      isDone: (said) => {
        const line = said.split('\n').find((text) => text.startsWith('{"rate"'));
        if (line !== undefined) result = JSON.parse(line);
        return result !== undefined;
      },
    });
    await ground.verify(name, group, mode === 'full' ? {} : { records: result.records, devices: devicesPerPartition });
    await ground.forget(group);
    return result;
  };

const freePort = () =>
  new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });

/** The service as people run it, with one page open on it. Other options are those of `measureProcess`. */
const withService = async (ground, topic, group, options) => {
  const port = await freePort();
  const page = io(`http://127.0.0.1:${port}`, {
    reconnectionDelay: 50,
    reconnectionDelayMax: 50,
    transports: ['websocket'],
  });
  let frames = 0;
  page.on('devices', () => (frames += 1));
  try {
    const measured = await measureProcess({
      args: [...semiSpace, here('../bin/weir.js'), 'run'],
      env: {
        KAFKA_BROKERS: await ground.brokers(),
        REDIS_ENDPOINT: ground.redis,
        WEIR_KAFKA_CONSUMER_TOPICS: topic,
        WEIR_KAFKA_CONSUMER_GROUP_ID: group,
        WEIR_HTTP_PORT: String(port),
        WEIR_MONITORING_PROMETHEUS_PORT: '0',
        WEIR_LOG_LEVEL: 'warn',
      },
      ...options,
    });
    return { ...measured, frames };
  } finally {
    page.disconnect();
  }
};

/** On a topic filled beforehand; from process start to the last commit, exactly once, with push. */
const endToEnd = (shape) => async (ground) => {
  const topic = await ground.filledTopic(shape);
  const group = freshGroup(`e2e-${shape}`);
  const measured = await withService(ground, topic, group, {
    isDone: async () => (await ground.settled(topic, group)) >= ground.records,
  });
  await ground.verify(topic, group);
  if (measured.frames === 0) throw new Error(`${group}: no device frame was pushed, so push was not measured`);
  await ground.forget(group);
  return perRecord(measured, ground.records);
};

/** Joined to a group on an empty topic, with a page open; CPU over ten seconds, once the garbage of the start has been collected. */
const idle = async (ground) => {
  const topic = await ground.emptyTopic('idle');
  const group = freshGroup('idle');
  const [restMs, seconds] = [20_000, 10];
  let cpuUs = 0;
  const measured = await withService(ground, topic, group, {
    isDone: async (_said, pid) => {
      if ((await ground.owned(topic, group)) === false) return false;
      await delay(restMs);
      const before = cpuMicroseconds(pid);
      await delay(seconds * 1_000);
      cpuUs = cpuMicroseconds(pid) - before;
      return true;
    },
  });
  await ground.forget(group);
  return { rate: 0, usPerRecord: 0, rssMb: measured.rssMb, cores: cpuUs / 1e6 / seconds };
};

/** Fed at a steady rate while it runs; fails when the producer or the service could not keep up. */
const paced = (shape, ratePerSecond, seconds) => async (ground) => {
  const topic = await ground.emptyTopic(`paced-${shape}`);
  const group = freshGroup(`paced-${shape}`);
  const records = ratePerSecond * seconds;
  const path = ground.feedFile(shape, records);
  let [cpuUs, fedSeconds] = [0, 0];
  const measured = await withService(ground, topic, group, {
    isDone: async (_said, pid) => {
      if ((await ground.owned(topic, group)) === false) return false;
      const before = cpuMicroseconds(pid);
      fedSeconds = await ground.feed(topic, path, ratePerSecond);
      cpuUs = cpuMicroseconds(pid) - before;
      const behind = records - (await ground.settled(topic, group));
      if (behind > 3 * ratePerSecond)
        throw new Error(`${group} was ${behind} records behind at the end: it did not keep up`);
      while ((await ground.settled(topic, group)) < records) await delay(50);
      return true;
    },
  });
  await ground.verify(topic, group, { records });
  await ground.forget(group);
  return {
    rate: records / fedSeconds,
    usPerRecord: cpuUs / records,
    rssMb: measured.rssMb,
    cores: cpuUs / 1e6 / fedSeconds,
  };
};

const baseline = (name, shape) => async (ground) => {
  const topic = await ground.filledTopic(shape);
  const group = freshGroup(`${name}-${shape}`);
  const measured = await measureProcess({
    args: [...semiSpace, here(`./baselines/${name}.js`)],
    env: {
      BENCH_BROKERS: await ground.brokers(),
      BENCH_REDIS: ground.redis,
      BENCH_TOPIC: topic,
      BENCH_GROUP: group,
      BENCH_RECORDS: String(ground.records),
      BENCH_SHAPE: shape,
    },
    isDone: (said) => said.includes('done'),
  });
  await ground.verifyBaseline(group);
  await ground.forget(group);
  return perRecord(measured, ground.records);
};

export const cases = {
  'inprocess-flat': inProcess('flat'),
  'inprocess-nested': inProcess('nested'),
  'inprocess-envelope': inProcess('envelope'),
  'e2e-flat': endToEnd('flat'),
  'e2e-nested': endToEnd('nested'),
  'baseline-eachmessage-flat': baseline('each-message', 'flat'),
  'baseline-eachmessage-nested': baseline('each-message', 'nested'),
  'baseline-eachbatch-flat': baseline('each-batch', 'flat'),
  'baseline-eachbatch-nested': baseline('each-batch', 'nested'),
  'settle-50': inProcess('flat', 'settle-50'),
  idle,
  'paced-100k': paced('flat', 100_000, 20),
};
