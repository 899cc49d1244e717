import { CommanderError } from 'commander';
import { vi } from 'vitest';
import { createProgram } from '../../../src/cli/program.js';

export interface Ran {
  /** What the command ended with; null when commander answered by itself. */
  readonly code: number | null;
  /** Of commander: 0 for help that was asked for. */
  readonly usage: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in this process, and catches what it says. */
export const weir = async (...args: readonly string[]): Promise<Ran> => {
  const said = { out: '', err: '' };
  const caught =
    (where: 'out' | 'err') =>
    (text: string | Uint8Array): boolean => {
      said[where] += String(text);
      return true;
    };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(caught('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(caught('err')),
  ];
  let code: number | null = null;
  let usage: number | null = null;
  try {
    await createProgram((ended) => (code = ended)).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    usage = error.exitCode;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return { code, usage, ...said };
};
