import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRight } from 'fp-ts/lib/Either.js';
import { afterAll } from 'vitest';
import { type ConfigFault, showFault } from '../../../src/config/faults.js';
import { type Flag, loadConfig, type Resolved } from '../../../src/config/load.js';

const folder = mkdtempSync(join(tmpdir(), 'weir-config-'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;

/** A file of its own with this text. */
export const fileWith = (text: string | Buffer, name = `${count++}.yaml`): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

interface Around {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly Flag[];
}

/** What a file with this text, and what is said around it, resolves to. */
export const resolved = (text: string | null, { env = {}, flags = [] }: Around = {}): Resolved => {
  const loaded = loadConfig({ ...(text === null ? {} : { file: fileWith(text) }), env, flags });
  if (isRight(loaded)) return loaded.right;
  throw new Error(loaded.left.map(showFault).join('\n'));
};

/** The faults of it; the name of the file is left out of what is shown. */
export const faultsOf = (
  text: string | Buffer | null,
  { env = {}, flags = [] }: Around = {},
): readonly ConfigFault[] => {
  const loaded = loadConfig({ ...(text === null ? {} : { file: fileWith(text) }), env, flags });
  return isRight(loaded) ? [] : loaded.left;
};

/** Each as people see it, the file called `weir.yaml`. */
export const shown = (faults: readonly ConfigFault[]): readonly string[] =>
  faults.map(({ origin, ...fault }) =>
    showFault({ ...fault, origin: origin.from === 'file' ? { ...origin, file: 'weir.yaml' } : origin }),
  );
