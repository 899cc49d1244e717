import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { readAtMost } from '../config/regular-file.js';
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

/** The text of a regular file, which has to be UTF-8 and no larger than that. */
export const readTextFile = (file: string, largestBytes: number): Either<RuleFault, string> => {
  try {
    const bytes = readAtMost(file, largestBytes);
    if (bytes.length > largestBytes) return left(faultOfFile(file, `the file has more than ${largestBytes} bytes`));
    return right(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return left(error instanceof TypeError ? faultOfFile(file, 'the file is not UTF-8 text') : unreadable(file, error));
  }
};
