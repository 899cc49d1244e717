import { type Command, Option } from 'commander';
import type { Tuned } from '../../streams/detectors/detector.js';
import { detectors } from '../../streams/detectors/registry.js';
import { BackwardTimes } from '../detect/backward-times.js';
import { type Reading, UnreadableSeries } from '../detect/reading.js';
import type { Format } from '../detect/read-series.js';
import { exitCode } from './exit.js';
import { share } from './numbers.js';
import { err, outPaced } from './output.js';

interface DetectFlags {
  readonly detector: string;
  readonly set: readonly string[];
  readonly threshold: number;
  readonly time: string;
  readonly value: string;
  readonly format?: Format;
  readonly html?: string;
  readonly json?: boolean;
}

export const detect = async (file: string, flags: DetectFlags): Promise<number> => {
  const detector = detectors.find(({ name }) => name === flags.detector);
  if (detector === undefined) throw new Error(`no detector ${flags.detector} although it was a choice`);
  const [{ tunedBy }, { formatOf, readSeries }] = await Promise.all([
    import('../detect/told-settings.js'),
    import('../detect/read-series.js'),
  ]);
  const told = tunedBy(detector, flags.set);
  if ('fault' in told) {
    err(`weir: ${told.fault}\n`);
    return exitCode.usage;
  }
  const { tuned } = told;
  const times = new BackwardTimes();
  const series = readSeries(file, flags.format ?? formatOf(file), flags, (reading) => {
    times.see(reading);
  });
  try {
    if (flags.html === undefined) await tellLines(series, tuned, flags);
    else {
      const { writePage } = await import('../detect/page.js');
      const readings = await writePage(file, series, { detector, tuned }, { ...flags, to: flags.html });
      err(`${counted(readings, 'reading')}, ${detectors.length} detectors: ${flags.html}\n`);
    }
    return exitCode.ok;
  } catch (error) {
    if (!(error instanceof UnreadableSeries)) throw error;
    err(`weir: ${error.message}\n`);
    return exitCode.fault;
  } finally {
    const warning = times.warningOf(file);
    if (warning !== null) err(`weir: ${warning}\n`);
  }
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const tellLines = async (
  series: AsyncIterable<Reading>,
  tuned: Tuned,
  { json, threshold }: DetectFlags,
): Promise<void> => {
  const [{ tellScores }, { jsonLine, textHeader, textLine }] = await Promise.all([
    import('../detect/tell-scores.js'),
    import('../detect/lines.js'),
  ]);
  const form = json === true ? { header: '', lineOf: jsonLine } : { header: textHeader, lineOf: textLine };
  const { readings, findings } = await tellScores(series, tuned, { ...form, threshold, write: outPaced });
  if (json !== true)
    err(
      `${counted(readings, 'reading')}, ${counted(findings, 'finding')}: stretches with a score of ${threshold} or more\n`,
    );
};

const collected = (text: string, before: readonly string[]): readonly string[] => [...before, text];

const described = (): string =>
  detectors
    .map(({ name, about, settings }) => {
      const set = Object.entries(settings.fields).map(([field, { standard }]) => `${field}=${standard}`);
      const of = about.value === undefined ? '' : `\n    of the value: ${about.value}`;
      return `  ${name}: ${about.finds}${of}\n    ${set.join(' ')}`;
    })
    .join('\n');

export const describeDetect = (command: Command): Command =>
  command
    .summary('score a recorded series by an anomaly detector; no server')
    .description(
      'Scores every reading of a recorded series by what came before it: timestamp, value, score from 0 to 1, and the band it was expected in. A score of 0.5 is at the limit of the detector.',
    )
    .argument('<file>', 'CSV with a header, or a JSON object a line; - is standard input')
    .addOption(new Option('--detector <name>', 'who judges').choices(detectors.map(({ name }) => name)).default('auto'))
    .addOption(
      new Option('--set <name=number>', 'a setting of the detector; may be given again')
        .argParser(collected)
        .default([], 'its own'),
    )
    .option('--threshold <score>', 'score from which a reading is a finding', share, 0.5)
    .option('--time <column>', 'where the time is', 'timestamp')
    .option('--value <column>', 'where the value is', 'value')
    .addOption(
      new Option('--format <format>', 'of the file (default: by its name, else csv)').choices(['csv', 'jsonl']),
    )
    .option('--html <file>', 'write one page that shows the series, the band, the findings and all detectors')
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      `
Detectors, and what can be set:
${described()}

Examples:
  weir detect recorded.csv
  weir detect recorded.csv --json | jq -c 'select(.score >= 0.9)'
  weir detect export.jsonl --time at --value celsius --detector hampel --set window=101
  weir detect recorded.csv --html recorded.html

Times are RFC 3339, YYYY-MM-DD HH:MM:SS (taken as UTC), or seconds or milliseconds since 1970. A reading without a value has a score of 0 and teaches nothing.`,
    );
