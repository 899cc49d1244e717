import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { clearTimeout } from 'node:timers';

const ticksPerSecond = 100; // USER_HZ on every Linux that Node runs on

/** CPU of a whole process so far, all threads, in microseconds. */
export const cpuMicroseconds = (pid) => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1e6;
};

/** The most memory a process has held, in MB. */
const peakMegabytes = (pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/**
 * Runs one process until `isDone` says so; gives wall time from its start, whole-process CPU and peak memory at that moment.
 * Errors: rejects when the process ends by itself, with what it said last, or when it takes longer than `limitMs`.
 */
export const measureProcess = async ({ args, env, isDone, limitMs = 300_000 }) => {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let failed = null;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said = (said + text).slice(-4_000)));
  child.on('exit', (code) => (failed = new Error(`${args[0]} ended with ${code} before it was done:\n${said}`)));
  try {
    for (;;) {
      if (failed !== null) throw failed;
      if (await isDone(said, child.pid)) break;
      if (performance.now() - startedAt > limitMs)
        throw new Error(`${args[0]} was not done after ${limitMs} ms:\n${said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return {
      seconds: (performance.now() - startedAt) / 1000,
      cpuUs: cpuMicroseconds(child.pid),
      rssMb: peakMegabytes(child.pid),
    };
  } finally {
    child.removeAllListeners('exit');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGTERM')) {
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(timer);
    }
  }
};

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
