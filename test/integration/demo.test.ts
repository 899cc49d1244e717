import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';

/** What `npm start` runs, in a process of its own. */
class Demo {
  readonly process: ChildProcessWithoutNullStreams;
  out = '';
  err = '';
  readonly ended: Promise<number | null>;

  constructor(...args: readonly string[]) {
    const command = ['--import', 'tsx', 'src/cli/weir.ts', 'demo', ...args];
    this.process = spawn(process.execPath, command, { stdio: 'pipe' });
    this.process.stdout.on('data', (text: Buffer) => (this.out += text.toString()));
    this.process.stderr.on('data', (text: Buffer) => (this.err += text.toString()));
    this.ended = once(this.process, 'exit').then(([code]) => code as number | null);
  }

  /** Where it says it is to be found. */
  async at(what: 'page' | 'metrics' | 'probes'): Promise<string> {
    const found = (): string | undefined => new RegExp(`^ +${what} +(http\\S+)$`, 'm').exec(this.err)?.[1];
    await expect.poll(found, { timeout: 20_000 }).toBeDefined();
    return found() ?? '';
  }

  get log(): readonly Record<string, unknown>[] {
    const lines = this.out.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

const anyPorts = ['--http-port', '0', '--ops-port', '0'];
const json = async <A>(url: string): Promise<A> => (await (await fetch(url)).json()) as A;

/** Sum of a metric's samples whose labels match. */
const sum = (text: string, name: string, labels = ''): number =>
  [...text.matchAll(new RegExp(`^${name}(?:\\{([^}]*)\\})? (\\S+)$`, 'gm'))]
    .filter(([, found = '']) => found.includes(labels))
    .reduce((total, [, , value]) => total + Number(value), 0);

describe('the demo', () => {
  const started: Demo[] = [];
  const start = (...args: readonly string[]): Demo => {
    const demo = new Demo(...args);
    started.push(demo);
    return demo;
  };
  afterEach(async () => {
    for (const demo of started.splice(0)) {
      demo.process.kill('SIGKILL');
      await demo.ended;
    }
  });

  it('runs everything in one process: page, results, an alert, metrics that add up; and stops in order', async () => {
    const demo = start(...anyPorts);
    const page = await demo.at('page');
    const beganAtMs = Date.now();
    expect(await (await fetch(page)).text()).toContain('<html');
    expect(await json(await demo.at('probes'))).toMatchObject({ status: 'ready' });

    interface Alerts {
      readonly alerts: readonly { readonly raisedAtMs: number; readonly device: string }[];
    }
    const alerts = async (): Promise<Alerts['alerts']> =>
      (await json<Alerts>(`${page}/api/v1/alerts?state=active`)).alerts;
    await expect.poll(alerts, { timeout: 30_000 }).not.toEqual([]);
    // By the simulator's clock, which a laden machine does not hold up.
    expect(((await alerts())[0]?.raisedAtMs ?? Infinity) - beganAtMs).toBeLessThan(15_000);

    const { devices } = await json<{ devices: readonly unknown[] }>(`${page}/api/v1/devices?limit=1000`);
    expect(devices.length).toBeGreaterThan(300);
    const metrics = await (await fetch(await demo.at('metrics'))).text();
    const read = sum(metrics, 'weir_records_read_total');
    expect(read).toBeGreaterThan(800);
    expect(sum(metrics, 'weir_records_total')).toBe(read);
    for (const outcome of ['counted', 'duplicate', 'late', 'dead']) {
      expect(sum(metrics, 'weir_records_total', `outcome="${outcome}"`), outcome).toBeGreaterThan(0);
    }
    expect(sum(metrics, 'weir_data_loss_records_total')).toBe(0);

    demo.process.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    const events = demo.log.map(({ event }) => event);
    expect(events.slice(0, 2)).toEqual(['rules_activated', 'group_joined']);
    expect(events.slice(2, -2).toSorted()).toEqual([...Array.from({ length: 4 }, () => 'acquired'), 'started']);
    expect(events.slice(-2)).toEqual(['stopping', 'stopped']);
    await expect(fetch(page)).rejects.toThrow();
  });

  it('ends at once at the second signal', async () => {
    const demo = start(...anyPorts);
    const { port } = new URL(await demo.at('page'));
    // Somebody who never finishes asking holds up an orderly stop.
    const slow = connect(Number(port), '127.0.0.1');
    slow.on('error', () => undefined);
    await once(slow, 'connect');
    await new Promise<void>((written) => slow.write('GET /api/v1/status HTTP/1.1\r\nHost', () => written()));
    await fetch(`http://127.0.0.1:${port}/api/v1/status`);
    demo.process.kill('SIGTERM');
    await expect.poll(() => demo.out, { timeout: 10_000 }).toContain('"stopping"');
    demo.process.kill('SIGINT');
    expect(await demo.ended).toBe(1);
    expect(demo.log.map(({ event }) => event)).not.toContain('stopped');
  });

  it('says which port is taken, and how to choose another', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const demo = start('--http-port', String(port), '--ops-port', '0');
    expect(await demo.ended).toBe(1);
    expect(demo.err).toContain(`port ${port} on 127.0.0.1`);
    expect(demo.err).toMatch(/is taken .*--http-port/);
    server.close();
  });
});
