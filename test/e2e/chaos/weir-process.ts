import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { keep, letGo } from '../../servers/keeping.js';
import { until } from './until.js';

const program = fileURLToPath(new URL('../../../bin/weir.js', import.meta.url));

/** One line of a service's log. */
export interface LogLine {
  readonly event?: string;
  readonly level?: string;
  readonly message?: string;
  readonly topic?: string;
  readonly partition?: number;
}

export interface WeirOptions {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where its output is kept. */
  readonly folder: string;
}

/** A `weir` command in a process of its own, as a user starts it. */
export class WeirProcess {
  readonly lines: LogLine[] = [];
  readonly ended: Promise<number | NodeJS.Signals>;
  output = '';
  end: number | NodeJS.Signals | null = null;
  #isStopped = false;
  readonly #child: ChildProcess;

  constructor(readonly options: WeirOptions) {
    const { name, args, env, folder } = options;
    this.#child = spawn(process.execPath, [program, ...args], {
      env: { ...foreignEnv(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { pid, stdout, stderr } = this.#child;
    if (pid === undefined || stdout === null || stderr === null) throw new Error(`${name} could not be started`);
    keep('pid', pid);
    const file = createWriteStream(join(folder, `${name}.log`), { flags: 'a' });
    stdout.pipe(file, { end: false });
    stderr.pipe(file, { end: false });
    createInterface({ input: stdout }).on('line', (line) => this.#take(line));
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (code, signal) => {
        file.end();
        letGo('pid', pid);
        this.end = signal ?? code ?? -1;
        resolve(this.end);
      });
    });
  }

  get name(): string {
    return this.options.name;
  }

  get isRunning(): boolean {
    return this.end === null && !this.#isStopped;
  }

  count(event: string): number {
    return this.lines.filter((line) => line.event === event).length;
  }

  /** Errors: rejects when it ends before, or does not say so in time. */
  async says(event: string, withinMs = 30_000): Promise<void> {
    await until(
      `${this.name} says ${event}`,
      () => {
        if (this.count(event) > 0) return true;
        if (this.end !== null)
          throw new Error(
            `${this.name} ended with ${this.end} instead of saying ${event}\n${this.output.slice(-2_000)}`,
          );
        return false;
      },
      withinMs,
    );
  }

  /** Where its page and its API are; known once it has started. */
  get url(): string {
    const said = this.lines.find(({ event }) => event === 'started')?.message ?? '';
    const url = /http:\/\/\S+/.exec(said)?.[0];
    if (url === undefined) throw new Error(`${this.name} has not said where it listens`);
    return url;
  }

  signal(signal: NodeJS.Signals): void {
    if (signal === 'SIGSTOP') this.#isStopped = true;
    if (signal === 'SIGCONT') this.#isStopped = false;
    this.#child.kill(signal);
  }

  /** In order if it can, else not. */
  async stop(): Promise<void> {
    if (this.end !== null) return;
    if (this.#isStopped) this.signal('SIGCONT');
    this.signal('SIGTERM');
    const killing = setTimeout(() => this.signal('SIGKILL'), 15_000);
    await this.ended;
    clearTimeout(killing);
  }

  #take(line: string): void {
    this.output += `${line}\n`;
    if (!line.startsWith('{')) return;
    try {
      this.lines.push(JSON.parse(line) as LogLine);
    } catch {
      // Cut off by a kill.
    }
  }
}

/** Nothing that somebody set for a service of their own. */
const foreignEnv = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('WEIR_') && !name.startsWith('VITEST')),
  );
