import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bringUp } from './bring-up.js';
import { built } from './built.js';
import { countsFile, type Counts } from './counting.js';
import { keep, letGo, temporaryFolder } from './keeping.js';
import { say, sayLoudly, secondsSince } from './say.js';

// `npm test`: builds, brings up what tests need, runs all of them (or those that the arguments choose), stops what it started. The
// last line is `N passed, N failed`, and the exit code is 0 only if something passed and nothing failed.

const began = performance.now();
const nothingRan: Counts = { passed: 0, failed: 1, skipped: 0 };
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const counting = fileURLToPath(new URL('counting.ts', import.meta.url));

const runVitest = (env: Readonly<Record<string, string>>): Promise<number | null> =>
  new Promise((ended) => {
    const args = [vitest, 'run', '--reporter=default', `--reporter=${counting}`, ...process.argv.slice(2)];
    const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...env } });
    const { pid } = child;
    if (pid !== undefined) keep('pid', pid);
    const stop = (): void => void child.kill('SIGTERM');
    stopping.signal.addEventListener('abort', stop);
    child.on('error', () => ended(null));
    child.on('close', (code) => {
      if (pid !== undefined) letGo('pid', pid);
      ended(code);
    });
  });

const countsIn = (file: string): Counts => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counts;
  } catch {
    return nothingRan;
  }
};

const test = async (): Promise<Counts> => {
  if (!(await built())) return nothingRan;
  const servers = await bringUp();
  if (servers === null) return nothingRan;
  const folder = temporaryFolder('weir-test-run');
  const file = join(folder.path, 'counts.json');
  try {
    const code = stopping.signal.aborted ? null : await runVitest({ ...servers.env, [countsFile]: file });
    const counts = countsIn(file);
    // Vitest knows of something that the counts don't show.
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    await servers.stop();
    folder.remove();
  }
};

const { passed, failed, skipped } = await test().catch((error: unknown) => {
  sayLoudly([error instanceof Error ? (error.stack ?? error.message) : String(error)]);
  return nothingRan;
});
if (stopping.signal.aborted) sayLoudly(['Stopped before its end.']);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
say(`all of it: ${secondsSince(began)}`);
say(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
