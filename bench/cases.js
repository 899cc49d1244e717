import { fileURLToPath } from 'node:url';
import { measureProcess } from './measure.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const perRecord = ({ seconds, cpuUs, rssMb }, records) => ({
  rate: records / seconds,
  usPerRecord: cpuUs / records,
  rssMb,
});

let runs = 0;
const freshGroup = (name) => `bench-${name}-${process.pid}-${(runs += 1)}`;

/** Decoder, pipeline, runner and real Redis in one process, fed with record batches from memory: no broker. */
const inProcess = (shape) => async (ground) => {
  let result;
  await measureProcess({
    args: [here('./in-process.js')],
    env: { BENCH_SHAPE: shape, BENCH_REDIS: ground.redis, BENCH_GROUP: freshGroup(`inprocess-${shape}`) },
    isDone: (said) => {
      const line = said.split('\n').find((text) => text.startsWith('{'));
      if (line !== undefined) result = JSON.parse(line);
      return result !== undefined;
    },
  });
  return result;
};

/** The service as people run it, on a topic filled beforehand; from process start to the last commit. */
const endToEnd = (shape) => async (ground) => {
  const topic = await ground.filledTopic(shape);
  const group = freshGroup(`e2e-${shape}`);
  const measured = await measureProcess({
    args: ['--max-semi-space-size=32', here('../bin/weir.js'), 'run'],
    env: {
      KAFKA_BROKERS: ground.brokers,
      REDIS_ENDPOINT: ground.redis,
      WEIR_KAFKA_CONSUMER_TOPICS: topic,
      WEIR_KAFKA_CONSUMER_GROUP_ID: group,
      WEIR_HTTP_PORT: '0',
      WEIR_MONITORING_PROMETHEUS_PORT: '0',
      WEIR_LOG_LEVEL: 'warn',
    },
    isDone: async () => (await ground.settled(topic, group)) >= ground.records,
  });
  return perRecord(measured, ground.records);
};

const baseline = (name, shape) => async (ground) => {
  const topic = await ground.filledTopic(shape);
  const measured = await measureProcess({
    args: [here(`./baselines/${name}.js`)],
    env: {
      BENCH_BROKERS: ground.brokers,
      BENCH_REDIS: ground.redis,
      BENCH_TOPIC: topic,
      BENCH_GROUP: freshGroup(`${name}-${shape}`),
      BENCH_RECORDS: String(ground.records),
      BENCH_SHAPE: shape,
    },
    isDone: (said) => said.includes('done'),
  });
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
};
