import { type Command, Option } from 'commander';
import { exitCode } from './exit.js';
import { factor, share, whole } from './numbers.js';
import { duration, instant } from './times.js';
import { columns, err, out, outJson } from './output.js';
import { openProgress } from './progress.js';
import { readTold, tellWarnings, type ToldOptions, withConfigFlags } from './told.js';
import type { ProduceOptions, ProduceSummary } from '../simulator/produce.js';
import type { KafkaConfig } from '../config/config.js';

interface ProduceFlags extends ToldOptions {
  readonly shape: ProduceOptions['shape'];
  readonly codec: ProduceOptions['codec'];
  readonly rate: number;
  readonly speed: number;
  readonly devices: number;
  readonly seed: number;
  readonly bad: number;
  readonly late: number;
  readonly future: number;
  readonly duplicate: number;
  readonly faults: number;
  readonly count?: number;
  readonly duration?: number;
  readonly start?: number;
  readonly createTopic?: boolean;
  readonly partitions: number;
  readonly json?: boolean;
}

export const produce = async (flags: ProduceFlags): Promise<number> => {
  const json = flags.json === true;
  const told = await readTold(flags, { json });
  if (!told.isRight) return told.code;
  const { topics } = told.resolved.config.kafka;
  if (flags.topic !== undefined && topics.length > 1) {
    err(`weir: --topic: records are written to one topic, not to ${topics.length}: ${topics.join(', ')}\n`);
    return exitCode.usage;
  }
  tellWarnings(told.resolved);
  const options = optionsOf(flags, told.resolved.config.kafka);
  const [{ produce: send }, { Unusable }] = await Promise.all([
    import('../simulator/produce.js'),
    import('../simulator/times.js'),
  ]);
  const progress = await openProgress({ isTerminal: process.stderr.isTTY, isQuiet: json });
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const summary = await send(options, {
      onProgress: (sent, total) => progress.update(sent, total),
      signal: stopping.signal,
    });
    progress.stop();
    tell(summary, json);
    return exitCode.ok;
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    err(`weir: ${error.message}\n`);
    return exitCode.usage;
  } finally {
    progress.stop();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
};

const optionsOf = (flags: ProduceFlags, kafka: KafkaConfig): ProduceOptions => ({
  kafka,
  topic: kafka.topics[0] ?? '',
  shape: flags.shape,
  codec: flags.codec,
  ratePerSecond: flags.rate === 0 ? null : flags.rate,
  speed: flags.speed,
  devices: flags.devices,
  seed: flags.seed,
  shares: { bad: flags.bad, late: flags.late, future: flags.future, duplicate: flags.duplicate },
  faultShare: flags.faults,
  count: flags.count ?? null,
  durationMs: flags.duration ?? null,
  startMs: flags.start ?? null,
  createTopic: flags.createTopic === true ? { partitions: flags.partitions } : null,
});

const tell = (summary: ProduceSummary, json: boolean): void => {
  if (json) {
    outJson(summary);
    return;
  }
  const { sent, seconds, recordsPerSecond, faults, fromMs, toMs } = summary;
  const planted = Object.entries(faults.counts).map(([kind, count]) => `${count} ${kind}`);
  const counts = (of: Readonly<Record<string, number>>): string =>
    Object.entries(of)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${count} ${name} (${((100 * count) / sent).toFixed(1)} %)`)
      .join(', ');
  const span =
    fromMs === null || toMs === null ? '' : `${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
  out(
    columns([
      ['sent', `${sent} records${summary.isComplete ? '' : ', then ended early'}`],
      ['where', `${summary.topic}, ${summary.partitions} partitions, at ${summary.brokers.join(', ')}`],
      ['shapes', counts(summary.shapes)],
      ['kinds', counts(summary.kinds)],
      ...(planted.length === 0 ? [] : [['faults', `${planted.join(', ')} planted; --json lists them`]]),
      ['bytes', `${summary.bytes} before compression (${summary.codec})`],
      ['took', `${seconds} s, ${recordsPerSecond} records/s`],
      ['times', span],
      ['fleet', `${summary.devices} devices, seed ${summary.seed}`],
    ]),
  );
};

export const describeProduce = (command: Command): Command =>
  withConfigFlags(command, ['brokers', 'topic'], {
    topic: { form: '--topic <name>', about: 'the one topic written to (default: the first of kafka.consumer.topics)' },
  })
    .summary('simulated devices onto a real topic')
    .description(
      'Writes records of simulated devices to a Kafka topic. The same seed gives the same devices and readings. Ctrl-C ends it and tells what was sent.',
    )
    .addOption(
      new Option('--shape <shape>', 'wire format').choices(['nested', 'flat', 'envelope', 'mixed']).default('mixed'),
    )
    .addOption(
      new Option('--codec <codec>', 'compression').choices(['none', 'gzip', 'snappy', 'lz4', 'zstd']).default('none'),
    )
    .option('--rate <records>', 'records a second; 0 for as fast as it goes', whole(0, 10_000_000), 1_000)
    .option('--speed <factor>', 'event time runs so many times faster than the clock', factor(1, 100_000), 1)
    .option('--devices <count>', 'simulated devices', whole(1, 1_000_000), 1_000)
    .option('--seed <number>', 'where chance begins', whole(0, 4_294_967_295), 1)
    .option('--bad <share>', 'share of records that are no telemetry or out of range', share, 0)
    .option('--late <share>', 'share of records behind their own device, half of them too late', share, 0)
    .option('--future <share>', 'share of records from the future', share, 0)
    .option('--duplicate <share>', 'share of records that repeat an earlier one', share, 0)
    .option('--faults <share>', 'share of devices that have a fault in each five minutes of event time', share, 0)
    .option('--count <records>', 'end after so many records', whole(1, Number.MAX_SAFE_INTEGER))
    .option('--duration <time>', 'end after so long, such as 30s or 5m', duration)
    .option('--start <time>', 'timestamp of the first record, RFC 3339', instant)
    .option('--create-topic', 'create the topic when it is not there')
    .option('--partitions <count>', 'partitions of a topic that is created', whole(1, 10_000), 8)
    .option('--json', 'print what was sent as JSON')
    .addHelpText(
      'after',
      `
Examples:
  weir produce --brokers 127.0.0.1:9092 --topic device-data --create-topic --rate 5000
  weir produce --shape nested --codec snappy --count 1000000 --rate 0
  weir produce --duration 1m --bad 0.01 --late 0.02 --duplicate 0.01 --json
  weir produce --count 300000 --rate 0 --faults 0.05 --json | jq '.faults.planted[]'
  weir produce --duration 1m --rate 5000 --speed 60     an hour of event time in a minute

A record's timestamp follows event time. With --speed it begins so far in the past that it ends now. With --rate 0 there is no
clock to follow: a device then reports once in <speed> seconds of event time. Without --start these times are reckoned
backwards from now: on a topic that already has newer records of the same devices they come late.

The same --seed and --start give the same records. Partitions are chosen by FNV-1a of the key, as the Go client Sarama does.
Only envelopes carry a message id: a repeat in another format counts again. With --shape mixed only envelopes are repeated.

Faults are spikes (one reading far off), stuck sensors, drift and silence, each of one to two and a half minutes; in place of a silent device the next
one speaks.`,
    );
