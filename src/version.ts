import { readFileSync } from 'node:fs';

/** Of the package, from the manifest beside `src/` or, once compiled, beside `dist/`; the command's files lie one folder deeper. */
const manifest = ['../package.json', '../../package.json', '../../../package.json'].map(
  (path) => new URL(path, import.meta.url),
);

const read = (): string => {
  for (const url of manifest) {
    try {
      const { version } = JSON.parse(readFileSync(url, 'utf8')) as { version?: unknown };
      if (typeof version === 'string') return version;
    } catch {
      // Not the place it lies in this form of the package.
    }
  }
  return '0.0.0';
};

export const version: string = read();
