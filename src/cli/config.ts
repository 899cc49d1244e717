import type { Command } from 'commander';
import { showOrigin } from '../config/faults.js';
import { exitCode } from './exit.js';
import { columns, out, outJson } from './output.js';
import { everyKeyFlag, readTold, tellWarnings, type ToldOptions, withConfigFlags } from './told.js';

interface PrintFlags extends ToldOptions {
  readonly json?: boolean;
}

export const configPrint = async (options: PrintFlags): Promise<number> => {
  const json = options.json === true;
  const told = await readTold(options, { json });
  if (!told.isRight) return told.code;
  const { configRows, inline } = await import('../config/describe.js');
  const rows = configRows(told.resolved);
  if (json) {
    outJson({
      values: rows.map(({ key, value, origin }) => ({ key, value, origin })),
      warnings: told.resolved.warnings,
    });
    return exitCode.ok;
  }
  const shown = rows.map(({ key, value, unset, origin }) => [
    key,
    showOrigin(origin),
    value === null ? `(not set: ${unset ?? 'nothing'})` : inline(value),
  ]);
  out(columns([['key', 'from', 'value'], ...shown]));
  tellWarnings(told.resolved);
  return exitCode.ok;
};

export const configKeys = async ({
  json,
  markdown,
}: {
  readonly json?: boolean;
  readonly markdown?: boolean;
}): Promise<number> => {
  const { keyRows, keysMarkdown, inline } = await import('../config/describe.js');
  const rows = keyRows();
  if (json === true) outJson(rows);
  else if (markdown === true) out(keysMarkdown(rows));
  else {
    const fallback = (row: (typeof rows)[number]): string =>
      row.fallback === null ? `(not set: ${row.unset ?? 'nothing'})` : inline(row.fallback);
    out(
      rows
        .map(
          (row) =>
            `${row.key}\n${columns([
              ['', 'holds', row.expected],
              ['', 'default', fallback(row)],
              ['', 'env', row.env.join(', ')],
            ])}  ${row.description}\n`,
        )
        .join('\n'),
    );
  }
  return exitCode.ok;
};

export const describeConfigPrint = (command: Command): Command =>
  withConfigFlags(command, everyKeyFlag)
    .description(
      'Prints every value with where it came from: default, file:line:column, the name of a variable, or a flag. Secrets are masked.',
    )
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Examples:
  weir config print --config weir.yaml
  WEIR_PROCESSING_BATCH_SIZE=200 weir config print | grep batch_size`,
    );

export const describeConfigKeys = (command: Command): Command =>
  command
    .description('Prints every key there is: what it holds, its default, its names in the environment, what it does.')
    .option('--json', 'print as JSON')
    .option('--markdown', 'print as the table in docs/config.md')
    .addHelpText(
      'after',
      `
Examples:
  weir config keys
  weir config keys --json | jq -r '.[].key'`,
    );
