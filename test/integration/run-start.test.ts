import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

describe('the service that can not start', () => {
  const started: ChildProcess[] = [];
  const folders: string[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  const run = (env: NodeJS.ProcessEnv, ...args: readonly string[]) => {
    const command = ['--import', 'tsx', 'src/cli/weir.ts', 'run', '--http-port', '0', ...args];
    const child = spawn(process.execPath, command, {
      env: { ...process.env, WEIR_MONITORING_PROMETHEUS_PORT: '0', ...env },
      stdio: 'pipe',
    });
    started.push(child);
    const told = { text: '' };
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (told.text += text.toString()));
    return { told, ended: once(child, 'exit').then(([code]) => code as number | null) };
  };

  it('ends as one whose configuration is wrong when its rules are, so that nobody starts it again and again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-run-'));
    folders.push(folder);
    const rules = join(folder, 'bad.rules.yaml');
    writeFileSync(
      rules,
      'version: 1\nmetrics:\n  t: { range: [0, 1] }\nalerts:\n  - { id: a, on: u, above: { raise: 1 } }\n',
    );
    const { told, ended } = run({ WEIR_KAFKA_CONSUMER_GROUP_ID: `run-${randomUUID()}` }, '--rules', rules);
    expect(await ended).toBe(78);
    expect(told.text).toContain('bad.rules.yaml:5:18: alerts[0].on: there is no metric u');
  });

  it('says soon whom it waits for', async () => {
    const { told } = run({ REDIS_ENDPOINT: '127.0.0.1:1' });
    await expect
      .poll(() => told.text, { timeout: 20_000 })
      .toContain('waiting for Redis at 127.0.0.1:1, for 2 s so far');
  });
});
