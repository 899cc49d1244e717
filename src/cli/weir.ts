#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitCode, exitCodeOf } from '../exit-code.js';
import { ServiceError } from '../service-error.js';
import { err } from './output.js';
import { createProgram } from './program.js';

/** Help that was asked for is an answer; help that is shown because nothing was asked is not. */
const isAnswer = (error: CommanderError): boolean => error.exitCode === 0;

const codeOf = (error: unknown): number => {
  if (error instanceof CommanderError) return isAnswer(error) ? exitCode.ok : exitCode.usage;
  if (error instanceof ServiceError) {
    err(`weir: ${error.message}\n`);
    return exitCodeOf(error);
  }
  err(`weir: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCode.fault;
};

// `weir … | head` closes the pipe before everything is said: that is an end, and no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCode.ok);
});

try {
  await createProgram((code) => (process.exitCode = code)).parseAsync();
} catch (error) {
  process.exitCode = codeOf(error);
}
