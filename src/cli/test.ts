import type { Command } from 'commander';
import type { CaseResult } from '../replay/run-case.js';
import type { RuleFault } from '../rules/findings.js';
import { exitCode } from './exit.js';
import { err, out, outJson } from './output.js';

interface TestFlags {
  readonly json?: boolean;
}

interface FileResult {
  readonly file: string;
  readonly cases: readonly CaseResult[];
  readonly faults: readonly RuleFault[];
}

export const test = async (paths: readonly string[], { json = false }: TestFlags): Promise<number> => {
  const [{ caseFilesIn, runCaseFile }, { defaultConfig }] = await Promise.all([
    import('../replay/case-files.js'),
    import('../config/defaults.js'),
  ]);
  const given = paths.length === 0 ? ['.'] : paths;
  const files = [...new Set(given.flatMap(caseFilesIn))];
  if (files.length === 0) {
    err(`weir: no file in ${given.join(', ')} ends in .test.yaml\n`);
    return exitCode.usage;
  }
  const { tellCase, tellFaults } = await tellers(json);
  const door = defaultConfig().pipeline;
  const results: FileResult[] = [];
  for (const file of files) {
    if (!json) out(`${file}\n`);
    const ran = await runCaseFile(file, door, tellCase);
    if (ran._tag === 'Left') tellFaults(ran.left);
    results.push(ran._tag === 'Left' ? { file, cases: [], faults: ran.left } : { file, cases: ran.right, faults: [] });
  }
  return summed(results, json);
};

const tellers = async (json: boolean) => {
  if (json) return { tellCase: () => undefined, tellFaults: () => undefined };
  const [{ detailsOf }, { tellFaults }] = await Promise.all([
    import('../replay/case-lines.js'),
    import('./rule-faults.js'),
  ]);
  const tellCase = (result: CaseResult): void => {
    const { name, isPassed, tally } = result;
    const dead = tally.dead + tally.late;
    out(`  ${isPassed ? 'ok  ' : 'FAIL'} ${name}${dead === 0 ? '' : ` (${dead} of ${tally.read} records rejected)`}\n`);
    for (const line of detailsOf(result)) out(`     ${line}\n`);
  };
  return { tellCase, tellFaults };
};

const summed = async (files: readonly FileResult[], json: boolean): Promise<number> => {
  const cases = files.flatMap((file) => file.cases);
  const failed = cases.filter(({ isPassed }) => !isPassed).length;
  const faulty = files.filter(({ faults }) => faults.length > 0).length;
  const totals = { files: files.length, faulty, cases: cases.length, passed: cases.length - failed, failed };
  if (json) {
    const { withMessages } = await import('./rule-faults.js');
    outJson({ ...totals, results: files.map((file) => ({ ...file, faults: withMessages(file.faults) })) });
  } else {
    const broken = faulty === 0 ? '' : `, ${faulty} of ${files.length} files faulty`;
    out(`\n${totals.passed} passed, ${failed} failed${broken}\n`);
  }
  return faulty > 0 ? exitCode.config : failed > 0 ? exitCode.fault : exitCode.ok;
};

export const describeTest = (command: Command): Command =>
  command
    .argument('[paths...]', 'files of cases, or folders in which to look for *.test.yaml (default: this folder)')
    .summary('run the cases beside rules; no server')
    .description(
      'Runs cases (*.test.yaml) against the rules beside them: records in; alerts and windows are compared with what is expected. Asks nobody and touches nothing.',
    )
    .option('--json', 'print what came out as JSON')
    .addHelpText(
      'after',
      `
Examples:
  weir test
  weir test rules/cold-room.test.yaml
  weir test rules/ --json | jq '.results[].cases[] | select(.isPassed | not)'

NAME.test.yaml is run against NAME.rules.yaml, or what its "rules" names. Ends with 0 when every case passes, 1 when one fails, 78 when cases or
rules are faulty. The form of cases: docs/rules.md, and weir schema --cases.`,
    );
