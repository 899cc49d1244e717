import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Either, isLeft, left, mapLeft, right } from 'fp-ts/lib/Either.js';
import { settingsUnder } from '../../streams/rules/settings.js';
import type { DoorSettings } from '../../streams/rules/settings.js';
import { inOrder } from '../config/judge.js';
import { decodeCases } from '../rules/cases.js';
import type { RuleFault } from '../rules/findings.js';
import { loadRules } from '../rules/load.js';
import { faultOfFile, readTextFile, unreadable } from '../rules/text-file.js';
import { caseFaults } from './case-faults.js';
import { type CaseResult, runCase } from './run-case.js';

const suffix = '.test.yaml';
const largestBytes = 4 * 1_048_576;

/** The files of cases that are meant: a file itself, and all below a folder but in hidden ones and `node_modules`, in the order of their names. */
export const caseFilesIn = (path: string): readonly string[] => {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inside = join(path, entry.name);
      if (entry.isDirectory())
        return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : caseFilesIn(inside);
      return entry.name.endsWith(suffix) ? [inside] : [];
    });
};

/** Runs the cases of a file, one after the other, or says what is wrong with it or with its rules. */
export const runCaseFile = async (
  file: string,
  door: DoorSettings,
  told: (result: CaseResult) => void,
): Promise<Either<readonly RuleFault[], readonly CaseResult[]>> => {
  const text = readText(file);
  if (isLeft(text)) return text;
  const cases = decodeCases(file, text.right);
  if (cases.cases.length === 0) return left(cases.faults);
  const rules = loadRules(
    join(dirname(file), cases.rules ?? basename(file).replace(/(\.test)?\.yaml$/, '.rules.yaml')),
  );
  const faults = [...cases.faults, ...(isLeft(rules) ? rules.left : caseFaults(cases, rules.right.rules))];
  if (isLeft(rules) || faults.length > 0) return left(inOrder(faults));
  const settings = settingsUnder(rules.right.rules, door);
  const results: CaseResult[] = [];
  for (const test of cases.cases) {
    const result = await runCase(test, settings);
    results.push(result);
    told(result);
  }
  return right(results);
};

const readText = (file: string): Either<readonly RuleFault[], string> => {
  try {
    const { size } = statSync(file);
    if (size > largestBytes)
      return left([faultOfFile(file, `${size} bytes: a file of cases has at most ${largestBytes}`)]);
    return mapLeft((fault: RuleFault) => [fault])(readTextFile(file, largestBytes));
  } catch (error) {
    return left([unreadable(file, error)]);
  }
};
