import type { Command } from 'commander';
import { exitCode } from './exit.js';
import { outJson } from './output.js';

export const schema = async ({ cases }: { readonly cases?: boolean }): Promise<number> => {
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
    .addHelpText(
      'after',
      `
Examples:
  weir schema > rules.schema.json
  weir schema --cases > cases.schema.json

The first line of a file of rules says where it is:
  # yaml-language-server: $schema=./rules.schema.json`,
    );
