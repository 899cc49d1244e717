import type { Command } from 'commander';
import { exitCode } from './exit.js';
import { out, outJson } from './output.js';

interface SchemaFlags {
  readonly cases?: boolean;
  readonly markdown?: boolean;
}

export const schema = async ({ cases, markdown }: SchemaFlags): Promise<number> => {
  if (markdown === true) {
    const tables = Object.entries((await import('../rules/document/tables.js')).keyTables());
    out(tables.map(([section, table]) => `## ${section}\n\n${table}\n`).join('\n'));
    return exitCode.ok;
  }
  if (cases === true) outJson((await import('../rules/cases.js')).casesSchema());
  else outJson((await import('../rules/document/document.js')).rulesSchema());
  return exitCode.ok;
};

export const describeSchema = (command: Command): Command =>
  command
    .summary('the JSON Schema of rules, for editors')
    .description(
      'Prints the JSON Schema (draft 2020-12) of files of rules: editors complete and check with it while people type.',
    )
    .option('--cases', 'of files of cases (*.test.yaml) instead')
    .option('--markdown', 'print every key as the tables of docs/rules.md')
    .addHelpText(
      'after',
      `
Examples:
  weir schema > rules.schema.json
  weir schema --cases > cases.schema.json

The first line of a file of rules says where it is:
  # yaml-language-server: $schema=./rules.schema.json`,
    );
