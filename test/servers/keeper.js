// Outlives the process that started it, however that one ends, and ends what was left behind. Told of it line by line:
// `+ <kind> <what>`, and `- <kind> <what>` when it is gone; kinds are pid, container and folder.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const left = new Set();

const end = {
  pid: (what) => {
    try {
      process.kill(Number(what), 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  },
  container: (what) => void spawnSync('docker', ['rm', '-f', what], { stdio: 'ignore' }),
  folder: (what) => rmSync(what, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
};

createInterface({ input: process.stdin })
  .on('line', (line) => (line.startsWith('+') ? left.add(line.slice(2)) : left.delete(line.slice(2))))
  .on('close', () => {
    for (const kind of ['pid', 'container', 'folder'])
      for (const one of left) if (one.startsWith(`${kind} `)) end[kind](one.slice(kind.length + 1));
  });

// The terminal's Ctrl-C is for the others.
process.on('SIGINT', () => undefined).on('SIGTERM', () => undefined);
