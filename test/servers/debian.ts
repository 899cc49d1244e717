import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { findOnPath, lastLines, runToEnd } from './commands.js';
import { reasonOf } from './part.js';
import { say, secondsSince } from './say.js';

/** Null when packages can be installed here, else why not. */
export const whyNoPackages = (): string | null => {
  if (findOnPath('apt-get') === null) return 'this is no Debian';
  if (process.getuid?.() !== 0) return 'packages can be installed only as root';
  return null;
};

/** Installing asks for a lock that it does not share: one after the other. */
let last: Promise<unknown> = Promise.resolve();
let isUpdated = false;

/** Rejects with what apt-get said. */
export const installPackages = (...names: readonly string[]): Promise<void> => {
  const mine = last.then(() => install(names));
  last = mine.catch(reasonOf);
  return mine;
};

const install = async (names: readonly string[]): Promise<void> => {
  const began = performance.now();
  say(`installing Debian's ${names.join(' and ')}`);
  if (!isUpdated) await aptGet('update', '-qq');
  isUpdated = true;
  await withoutDaemons(() => aptGet('install', '-qq', '-y', '--no-install-recommends', ...names));
  say(`installed ${names.join(' and ')}, ${secondsSince(began)}`);
};

const aptGet = async (...args: readonly string[]): Promise<void> => {
  const { code, output } = await runToEnd('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
    timeoutMs: 600_000,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (code !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${lastLines(output)}`);
};

const policy = '/usr/sbin/policy-rc.d';

/** Debian starts the daemon of a package as soon as it is installed, unless this file forbids it. */
const withoutDaemons = async (work: () => Promise<void>): Promise<void> => {
  const isTheirs = existsSync(policy);
  if (!isTheirs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await work();
  } finally {
    if (!isTheirs) rmSync(policy);
  }
};
