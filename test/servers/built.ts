import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLines, runToEnd } from './commands.js';
import { say, sayLoudly, secondsSince } from './say.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const newest = (folder: string): number =>
  Math.max(
    0,
    ...readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => statSync(join(root, folder, name)).mtimeMs),
  );

const builtAt = (): number => {
  try {
    return statSync(join(root, 'dist/src/command/weir.js')).mtimeMs;
  } catch {
    return 0;
  }
};

/** Tests from outside run `dist/`: it must be what the sources say. False, said loudly, if it can't be built. */
export const built = async (): Promise<boolean> => {
  if (builtAt() > Math.max(...['src', 'streams', 'marbles/kit'].map(newest))) return true;
  const began = performance.now();
  const { code, output } = await runToEnd('npm', ['run', '--silent', 'build'], { timeoutMs: 300_000 });
  if (code === 0) say(`built dist/ from the sources, ${secondsSince(began)}`);
  else sayLoudly(['dist/ can not be built, so nothing was tested:', lastLines(output, 30)]);
  return code === 0;
};
