import { type Command, InvalidArgumentError } from 'commander';
import { settingsUnder } from '../../streams/rules/settings.js';
import type { Chunk } from '../../streams/model/chunk.js';
import type { RawRecord } from '../../streams/model/raw-record.js';
import type { Config } from '../config/config.js';
import type { Found } from '../replay/found.js';
import type { LoadedRules } from '../rules/load.js';
import type { Mark } from '../sources/kafka/recorded.js';
import { exitCode } from './exit.js';
import { whole } from './numbers.js';
import { columns, err, out, outJson } from './output.js';
import { openProgress } from './progress.js';
import { instant } from './times.js';
import { readTold, type ToldOptions, withConfigFlags } from './told.js';

interface TryFlags extends ToldOptions {
  readonly input?: string;
  readonly from?: Mark;
  readonly to?: Mark;
  readonly against?: string;
  readonly limit: number;
  readonly json?: boolean;
}

export const tryOut = async (path: string, flags: TryFlags): Promise<number> => {
  const json = flags.json === true;
  if ((flags.input === undefined) === (flags.topic === undefined)) return refused('say either --input or --topic');
  if (flags.input !== undefined && (flags.from !== undefined || flags.to !== undefined))
    return refused('--from and --to are for --topic; a file is read as a whole');
  const told = await readTold(flags, { json });
  if (!told.isRight) return told.code;
  const { config } = told.resolved;
  if (flags.topic !== undefined && config.kafka.topics.length > 1)
    return refused('--topic: one topic at a time is read');
  const loaded: LoadedRules[] = [];
  for (const each of flags.against === undefined ? [path] : [path, flags.against]) {
    const one = await rulesAt(each, json);
    if (one === null) return exitCode.config;
    loaded.push(one);
  }
  const [{ tryRules }, { UnreadableInput }] = await Promise.all([
    import('../replay/try-rules.js'),
    import('../replay/lines-of.js'),
  ]);
  const progress = await openProgress({ isTerminal: process.stderr.isTTY, isQuiet: json });
  let total: number | null = null;
  try {
    const chunks = await chunksOf(flags, config, (offsets) => (total = offsets));
    const settings = loaded.map(({ rules }) => settingsUnder(rules, config.pipeline));
    const found = await tryRules(chunks, settings, {
      most: flags.limit,
      onProgress: (records) => progress.update(records, total),
    });
    progress.stop();
    await tell(found, loaded, flags);
    return exitCode.ok;
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error;
    progress.stop();
    err(`weir: ${error.message}\n`);
    return exitCode.fault;
  } finally {
    progress.stop();
  }
};

const refused = (why: string): number => {
  err(`weir: ${why}\n`);
  return exitCode.usage;
};

const rulesAt = async (path: string, json: boolean): Promise<LoadedRules | null> => {
  const [{ loadRules }, { tellFaults, withMessages }] = await Promise.all([
    import('../rules/load.js'),
    import('./rule-faults.js'),
  ]);
  const loaded = loadRules(path);
  if (loaded._tag === 'Right') return loaded.right;
  if (json) outJson({ faults: withMessages(loaded.left) });
  else tellFaults(loaded.left);
  return null;
};

const chunksOf = async (
  { input, from, to }: TryFlags,
  { kafka }: Config,
  onTotal: (offsets: number) => void,
): Promise<AsyncIterable<Chunk<RawRecord>>> => {
  if (input !== undefined) return (await import('../replay/recorded-file.js')).recordedFile(input);
  const { recordedTopic } = await import('../sources/kafka/recorded.js');
  return recordedTopic({ config: kafka, topic: kafka.topics[0] ?? '', from: from ?? null, to: to ?? null, onTotal });
};

const tell = async (
  [found, before]: readonly Found[],
  loaded: readonly LoadedRules[],
  { json, limit }: TryFlags,
): Promise<void> => {
  if (found === undefined) return;
  const [{ differenceParts, partsOf }, { foundJson, differenceJson }, { spanDifference }] = await Promise.all([
    import('../replay/found-lines.js'),
    import('../replay/found-json.js'),
    import('../replay/span-difference.js'),
  ]);
  const difference = before === undefined ? null : spanDifference(before.spans.all(), found.spans.all());
  const left = found.spans.left + (before?.spans.left ?? 0);
  const [version, against] = loaded.map((one) => one.version);
  if (json === true) {
    const compared =
      difference === null ? {} : { against: { version: against, ...differenceJson(difference, left, limit) } };
    outJson({ version, ...foundJson(found), ...compared });
    return;
  }
  const parts = [...partsOf(found), ...(difference === null ? [] : differenceParts(difference, left, limit))];
  out(`rules ${version ?? ''}${against === undefined ? '' : `, against ${against}`}\n`);
  out(parts.map(({ heading, rows }) => `${heading}\n${columns(rows.map((row) => ['', ...row]))}`).join('\n'));
};

/** Of a flag: a time, or an offset. */
const mark = (text: string): Mark => {
  if (/^\d+$/.test(text)) return { offset: Number(text) };
  try {
    return { timeMs: instant(text) };
  } catch {
    throw new InvalidArgumentError('Expected an offset, or a time with its zone, such as 2026-01-02T03:04:05Z.');
  }
};

export const describeTry = (command: Command): Command =>
  withConfigFlags(command, ['brokers', 'topic'], {
    topic: { form: '--topic <name>', about: 'a topic to read from, as a member of no group' },
  })
    .argument('<rules>', 'a file of rules, or a folder of *.rules.yaml')
    .summary('what rules make of recorded data; touches nothing')
    .description(
      'Runs rules over recorded records, each partition from nothing: windows, findings and alerts. Nothing is stored, sent or committed. The same input gives the same output.',
    )
    .option('--input <file>', 'a JSON value or record a line; - is standard input')
    .option('--from <time|offset>', 'first record of the topic (default: the beginning)', mark)
    .option('--to <time|offset>', 'where reading ends, itself not read (default: the end as it is now)', mark)
    .option('--against <rules>', 'other rules: print the difference in alerts from them')
    .option(
      '--limit <count>',
      'so many windows, findings and alerts are held and shown of each',
      whole(0, 1_000_000),
      100,
    )
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Examples:
  weir try rules/ --input recorded.jsonl
  weir try rules/ --topic device-data --from 2026-01-31T08:00:00Z --to 2026-01-31T09:00:00Z
  weir try new.rules.yaml --against old.rules.yaml --input recorded.jsonl
  weir try rules/ --input recorded.jsonl --json | jq '.alerts.items[] | select(.severity == "critical")'

A line of the file is the value of a record in any wire format, or {"timestamp": …, "key": …, "value": …, "headers": {…}, "partition": …} with
what was recorded beside it; value is an object or a text. What kcat -J writes is read, too. Alerts of two rules are one and the same when they are of the
same rule and device and overlap in time.`,
    );
