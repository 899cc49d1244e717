import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath } from '../../servers/commands.js';
import { installPackages, whyNoPackages } from '../../servers/debian.js';
import { keep, letGo, temporaryFolder } from '../../servers/keeping.js';
import { askOnce, freePorts } from '../../servers/ports.js';
import { until } from './until.js';

/** A Redis of the test's own, which it may kill, starve and put back in time. */
export class OwnRedis {
  #child: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    readonly folder: string,
    private readonly remove: () => void,
  ) {}

  static async start(): Promise<OwnRedis> {
    const [port = 0] = await freePorts(1);
    const folder = temporaryFolder('weir-e2e-redis');
    const redis = new OwnRedis(port, folder.path, folder.remove);
    await redis.begin();
    return redis;
  }

  get endpoint(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** With everything that was written before it last ended, unless told not to look. */
  async begin(appendOnly: 'yes' | 'no' = 'yes'): Promise<void> {
    const program = await redisServer();
    const child = spawn(
      program,
      [
        '--bind',
        '127.0.0.1',
        '--port',
        String(this.port),
        '--dir',
        this.folder,
        '--save',
        '',
        '--appendonly',
        appendOnly,
      ],
      { stdio: 'ignore' },
    );
    if (child.pid === undefined) throw new Error('redis-server could not be started');
    keep('pid', child.pid);
    this.#child = child;
    await until('Redis answers', async () => (await this.ask('PING').catch(() => '')).startsWith('+PONG'), 20_000);
  }

  /** As a crash of the program would. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === null || child.pid === undefined) return;
    this.#child = null;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    letGo('pid', child.pid);
  }

  ask(command: string): Promise<string> {
    return askOnce(this.endpoint, `${command}\r\n`);
  }

  /** Keeps everything as it is now, for `restore`. */
  async snapshot(): Promise<void> {
    const answer = await this.ask('SAVE');
    if (!answer.startsWith('+OK')) throw new Error(`SAVE: ${answer}`);
    copyFileSync(join(this.folder, 'dump.rdb'), join(this.folder, 'kept.rdb'));
  }

  /** Dies, and comes back as it was at the snapshot. */
  async restore(): Promise<void> {
    await this.kill();
    copyFileSync(join(this.folder, 'kept.rdb'), join(this.folder, 'dump.rdb'));
    rmSync(join(this.folder, 'appendonlydir'), { recursive: true, force: true });
    await this.begin('no');
    await this.ask('CONFIG SET appendonly yes');
  }

  async close(): Promise<void> {
    await this.kill();
    this.remove();
  }
}

/** A container will not do: this one is killed, and its files are exchanged. */
const redisServer = async (): Promise<string> => {
  if (findOnPath('redis-server') === null && whyNoPackages() === null) await installPackages('redis-server');
  const program = findOnPath('redis-server');
  if (program === null)
    throw new Error('this test kills a Redis of its own: redis-server 7 or newer must be on the path');
  return program;
};
