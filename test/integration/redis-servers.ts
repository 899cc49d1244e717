import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { RedisConfig } from '../../src/config/config.js';
import { defaultConfig } from '../../src/config/defaults.js';
import { kept } from '../conformance/store-fixtures.js';
import { findOnPath } from '../servers/commands.js';
import { installPackages, whyNoPackages } from '../servers/debian.js';

export const redisConfig = (endpoints: readonly string[], more: Partial<RedisConfig> = {}): RedisConfig => ({
  ...defaultConfig().redis,
  ...kept,
  endpoints,
  poolSize: 2,
  ...more,
});

export const until = async (
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  withinMs = 30_000,
): Promise<void> => {
  const deadlineMs = performance.now() + withinMs;
  while (!(await isTrue())) {
    if (performance.now() > deadlineMs) throw new Error(`did not happen within ${withinMs} ms: ${what}`);
    await wait(10);
  }
};

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

/** These tests break servers, so they start their own; a Redis that was given, or runs in Docker, is not theirs to break. */
const program = async (): Promise<string> => {
  if (findOnPath('redis-server') === null && whyNoPackages() === null) await installPackages('redis-server');
  const found = findOnPath('redis-server');
  if (found === null) throw new Error('there is no redis-server on the path: install redis-server 7 or newer');
  return found;
};

/** A Redis (or Sentinel) of one test's own, which the test may break. */
export class RedisServer {
  #child: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    readonly directory: string,
    readonly options: readonly string[],
    readonly password: string | null,
  ) {}

  static async start(options: readonly string[] = [], password: string | null = null): Promise<RedisServer> {
    const directory = await mkdtemp(join(tmpdir(), 'weir-redis-'));
    const login = password === null ? [] : ['--requirepass', password, '--masterauth', password];
    const server = new RedisServer(await freePort(), directory, [...options, ...login], password);
    await server.run();
    return server;
  }

  /** With a configuration file, which a Sentinel needs and rewrites. */
  static async startSentinel(lines: readonly string[], password: string | null): Promise<RedisServer> {
    const directory = await mkdtemp(join(tmpdir(), 'weir-sentinel-'));
    const file = join(directory, 'sentinel.conf');
    const login = password === null ? [] : [`requirepass ${password}`];
    await writeFile(file, [...lines, ...login].join('\n'));
    const server = new RedisServer(await freePort(), directory, [file, '--sentinel'], password);
    await server.run();
    return server;
  }

  get endpoint(): string {
    return `127.0.0.1:${this.port}`;
  }

  async run(): Promise<void> {
    const [file = '', ...rest] = this.options;
    const own = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.directory];
    // A configuration file must come first.
    const args = file.startsWith('--')
      ? [...own, ...this.options]
      : [file, ...own, ...rest].filter((arg) => arg !== '');
    this.#child = spawn(await program(), args, { stdio: 'ignore' });
    const client = this.client();
    await until(`Redis answers at ${this.endpoint}`, async () => (await client.ping().catch(String)) === 'PONG');
    client.disconnect();
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    child.kill('SIGCONT');
    await exited;
  }

  /** The process stops answering, its connections stay. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  client(): Redis {
    const client = new Redis(this.port, '127.0.0.1', {
      maxRetriesPerRequest: null,
      retryStrategy: () => 20,
      ...(this.password !== null && { password: this.password }),
    });
    client.on('error', () => undefined);
    return client;
  }

  /** One command by somebody else. */
  async call(name: string, ...args: readonly (string | number)[]): Promise<unknown> {
    const client = this.client();
    try {
      return await client.call(name, ...args);
    } finally {
      client.disconnect();
    }
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }
}
