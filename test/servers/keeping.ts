import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

type Kind = 'pid' | 'container' | 'folder';

let keeper: ChildProcess | null = null;

const tell = (line: string): void => {
  if (keeper === null) {
    const script = fileURLToPath(new URL('keeper.js', import.meta.url));
    keeper = spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    keeper.unref();
    // A broken pipe must not end this process, nor an open one keep it alive.
    keeper.stdin?.on('error', () => undefined);
    if (keeper.stdin instanceof Socket) keeper.stdin.unref();
  }
  keeper.stdin?.write(`${line}\n`);
};

/** What is kept is ended and removed even if this process is killed. */
export const keep = (kind: Kind, what: string | number): void => tell(`+ ${kind} ${what}`);

export const letGo = (kind: Kind, what: string | number): void => tell(`- ${kind} ${what}`);

export interface Folder {
  readonly path: string;
  readonly remove: () => void;
}

export const temporaryFolder = (stem: string): Folder => {
  const path = mkdtempSync(join(tmpdir(), `${stem}-`));
  keep('folder', path);
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      letGo('folder', path);
    },
  };
};
