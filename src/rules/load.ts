import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { DeviceFacts, Rules } from '../../streams/rules/rules.js';
import { compileRules } from './compile/rules.js';
import { decodeTexts } from './decode.js';
import { Findings, type RuleFault } from './findings.js';
import { type Kinds, registered } from './kinds.js';
import { bundled, readTexts, type RuleText, unbundled } from './texts.js';
import { type Kept, warnOf } from './warnings.js';

export interface LoadedRules {
  readonly rules: Rules;
  /** Strange, yet possible. */
  readonly warnings: readonly RuleFault[];
  /** Everything that was read, in one text that `rulesFromBundle` reads again. */
  readonly text: string;
  /** Of the rules: equal ones have equal versions. */
  readonly version: string;
}

export interface LoadOptions {
  /** What the configuration keeps, for warnings. */
  readonly kept?: Kept;
  /** Devices that there are, for warnings about rules that are for none of them. */
  readonly devices?: readonly DeviceFacts[];
}

/** Reads and compiles a file, or a folder of `*.rules.yaml`; null for the rules that hold when nobody gives any. Every fault at once. */
export const loadRules = (
  path: string | null,
  options: LoadOptions = {},
): Either<readonly RuleFault[], LoadedRules> => {
  const texts = readTexts(path ?? starterPack());
  return isLeft(texts) ? texts : rulesFromTexts(texts.right, options);
};

/** The same from texts in memory. */
export const rulesFromTexts = (
  texts: readonly RuleText[],
  options: LoadOptions = {},
  kinds: Kinds = registered,
): Either<readonly RuleFault[], LoadedRules> => {
  const findings = new Findings();
  const decoded = decodeTexts(texts, findings, kinds);
  const rules = compileRules(decoded, findings, kinds);
  if (findings.hasFaults) return left(findings.faults);
  warnOf(decoded, rules, options, findings);
  return right({ rules, warnings: findings.warnings, text: bundled(texts), version: rules.version });
};

/** The same from the one text that was kept of others. */
export const rulesFromBundle = (text: string): Either<readonly RuleFault[], LoadedRules> => {
  const texts = unbundled(text);
  if (texts !== null) return rulesFromTexts(texts);
  const problem = 'this is no text of rules as weir keeps it';
  return left([
    { origin: { from: 'default' }, key: '', problem, expected: null, found: null, nearest: null, rule: null },
  ]);
};

/** Packs lie beside the sources, and beside `dist`. */
const packFolder = (): string => {
  const here = dirname(fileURLToPath(import.meta.url));
  const found = ['../../packs', '../../../packs'].map((path) => join(here, path)).find((path) => existsSync(path));
  return found ?? join(here, '../../packs');
};

/** The rules that come with weir, by name: `starter`, `cold-chain`. */
export const packFile = (name: string): string => join(packFolder(), `${name}.rules.yaml`);

const starterPack = (): string => packFile('starter');
