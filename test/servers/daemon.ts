import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { lastLines } from './commands.js';
import { keep, letGo, temporaryFolder } from './keeping.js';

export interface Daemon {
  readonly stop: () => Promise<void>;
}

export interface DaemonOptions {
  readonly name: string;
  readonly command: string;
  readonly args: (folder: string) => Promise<readonly string[]> | readonly string[];
  /** Rejects while it does not answer yet. */
  readonly answers: () => Promise<unknown>;
  readonly withinMs: number;
}

/**
 * Starts a server in a temporary folder of its own and waits until it answers. Rejects with what it last said when it ends
 * before, or does not answer in time; nothing is left then.
 */
export const startDaemon = async ({ name, command, args, answers, withinMs }: DaemonOptions): Promise<Daemon> => {
  const folder = temporaryFolder(`weir-${name.toLowerCase()}`);
  try {
    const log = join(folder.path, 'log');
    const { stop, hasEnded } = spawned(command, await args(folder.path), folder.path, log);
    const remove = async (): Promise<void> => {
      await stop();
      folder.remove();
    };
    const problem = await settled(answers, hasEnded, withinMs);
    if (problem === null) return { stop: remove };
    await stop();
    throw new Error(`${name} ${problem}; the last it said:\n${lastLines(readFileSync(log, 'utf8')) || '(nothing)'}`);
  } catch (error) {
    folder.remove();
    throw error;
  }
};

interface Spawned {
  readonly stop: () => Promise<void>;
  readonly hasEnded: () => string | null;
}

const spawned = (command: string, args: readonly string[], cwd: string, log: string): Spawned => {
  const file = openSync(log, 'w');
  // A process group of its own: Ctrl-C in a terminal reaches only us, and we stop it in order.
  const child = spawn(command, args, { cwd, stdio: ['ignore', file, file], detached: true });
  closeSync(file);
  let ended: string | null = null;
  const end = new Promise<void>((done) => {
    child.on('error', (error) => done(void (ended = `could not be started: ${error.message}`)));
    child.on('exit', (code, signal) => done(void (ended = `ended with ${signal ?? String(code)}`)));
  });
  const { pid } = child;
  if (pid !== undefined) {
    keep('pid', pid);
    void end.then(() => letGo('pid', pid));
  }
  const stop = async (): Promise<void> => {
    const killing = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.kill('SIGTERM');
    await end;
    clearTimeout(killing);
  };
  return { stop, hasEnded: () => ended };
};

/** Null once it answers, else what is wrong. */
const settled = async (
  answers: () => Promise<unknown>,
  hasEnded: () => string | null,
  withinMs: number,
): Promise<string | null> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const ended = hasEnded();
    if (ended !== null) return ended;
    try {
      await answers();
      return null;
    } catch (error) {
      if (performance.now() > deadline) return `did not answer within ${withinMs / 1000} s (${String(error)})`;
    }
    await wait(50);
  }
};
