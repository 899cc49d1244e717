import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath } from '../../servers/commands.js';
import { keep, letGo, temporaryFolder } from '../../servers/keeping.js';
import { askOnce, freePorts } from '../../servers/ports.js';
import { until } from './until.js';

export interface OwnRedisOptions {
  /** With `appendonly yes` and `appendfsync everysec`, or with nothing but the snapshots that are asked for. */
  readonly isLogged: boolean;
}

/** A Redis of the test's own, which it may kill, starve and put back in time. */
export class OwnRedis {
  #child: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    readonly folder: string,
    private readonly options: OwnRedisOptions,
    private readonly remove: () => void,
  ) {}

  static async start(options: OwnRedisOptions): Promise<OwnRedis> {
    const [port = 0] = await freePorts(1);
    const folder = temporaryFolder('weir-e2e-redis');
    const redis = new OwnRedis(port, folder.path, options, folder.remove);
    await redis.begin();
    return redis;
  }

  get endpoint(): string {
    return `127.0.0.1:${this.port}`;
  }

  async begin(): Promise<void> {
    const program = findOnPath('redis-server');
    if (program === null) throw new Error('redis-server must be on the path: this test kills one of its own');
    const logged = this.options.isLogged ? ['yes', '--appendfsync', 'everysec'] : ['no'];
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
        ...logged,
      ],
      { stdio: 'ignore' },
    );
    if (child.pid === undefined) throw new Error('redis-server could not be started');
    keep('pid', child.pid);
    this.#child = child;
    await until('Redis answers', async () => (await this.ask('PING').catch(() => '')).startsWith('+PONG'), 20_000);
  }

  /** As a crash would: what was not written to disk is gone. */
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
    await this.begin();
  }

  async close(): Promise<void> {
    await this.kill();
    this.remove();
  }
}
