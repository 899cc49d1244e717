import { readFileSync } from 'node:fs';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { RuleFault } from './findings.js';

/** What is wrong with a file as a whole. */
export const faultOfFile = (file: string, problem: string): RuleFault => ({
  origin: { from: 'file', file, line: 1, column: 1 },
  key: '',
  problem,
  expected: null,
  found: null,
  nearest: null,
  rule: null,
});

/** Why a file can't be read, from what was thrown. */
export const unreadable = (file: string, error: unknown): RuleFault =>
  faultOfFile(file, `it can't be read: ${error instanceof Error ? error.message : String(error)}`);

/** The text of a file, which has to be UTF-8. */
export const readTextFile = (file: string): Either<RuleFault, string> => {
  try {
    return right(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)));
  } catch (error) {
    return left(error instanceof TypeError ? faultOfFile(file, 'the file is not UTF-8 text') : unreadable(file, error));
  }
};
