import { setTimeout as wait } from 'node:timers/promises';
import { findOnPath, lastLines, runToEnd, type Ended } from './commands.js';
import { keep, letGo } from './keeping.js';
import { reasonOf } from './part.js';

const docker = (timeoutMs: number, ...args: readonly string[]): Promise<Ended> =>
  runToEnd('docker', args, { timeoutMs });

/** Whether a daemon answers and has the image already: tests don't wait for a download of images. */
export const hasImage = async (image: string): Promise<boolean> => {
  if (findOnPath('docker') === null) return false;
  return (await docker(10_000, 'image', 'inspect', '--format', 'here', image)).code === 0;
};

export interface ContainerOptions {
  readonly name: string;
  readonly options: readonly string[];
  readonly image: string;
  readonly args: readonly string[];
  /** Rejects while it does not answer yet. */
  readonly answers: () => Promise<unknown>;
  readonly withinMs: number;
}

/** Rejects with what the container last said when it does not answer in time; it is removed then. */
export const startContainer = async (options: ContainerOptions): Promise<{ readonly stop: () => Promise<void> }> => {
  const { code, output } = await docker(60_000, 'run', '-d', ...options.options, options.image, ...options.args);
  if (code !== 0) throw new Error(`docker could not start ${options.image}:\n${lastLines(output)}`);
  const id = lastLines(output, 1);
  keep('container', id);
  const stop = async (): Promise<void> => {
    await docker(60_000, 'rm', '-f', '-v', id);
    letGo('container', id);
  };
  const problem = await answering(options);
  if (problem === null) return { stop };
  const said = lastLines((await docker(10_000, 'logs', id)).output);
  await stop();
  throw new Error(`${options.name} in Docker ${problem}; the last it said:\n${said}`);
};

const answering = async ({ answers, withinMs }: ContainerOptions): Promise<string | null> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      await answers();
      return null;
    } catch (error) {
      if (performance.now() > deadline) return `did not answer within ${withinMs / 1000} s (${reasonOf(error)})`;
    }
    await wait(100);
  }
};
