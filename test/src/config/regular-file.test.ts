import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { readAtMost } from '../../../src/config/regular-file.js';
import { makePipe } from './pipe.js';

const folder = mkdtempSync(join(tmpdir(), 'weir-regular-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const problemsOf = (file: string): readonly string[] => {
  const made = loadConfig({ file, env: {}, flags: [] });
  return made._tag === 'Left' ? made.left.map(({ problem }) => problem) : [];
};

describe('a file of the configuration', () => {
  test('that is a pipe or a device is refused, and never waited for', () => {
    const pipe = join(folder, 'pipe.yaml');
    makePipe(pipe);
    expect(problemsOf(pipe)).toEqual(["the file can't be read: it is a pipe, not a regular file"]);
    expect(problemsOf('/dev/zero')).toEqual(["the file can't be read: it is a device, not a regular file"]);
  });

  test('may be a link to one', () => {
    writeFileSync(join(folder, 'real.yaml'), 'log: { level: info }\n');
    symlinkSync('real.yaml', join(folder, 'link.yaml'));
    expect(problemsOf(join(folder, 'link.yaml'))).toEqual([]);
  });
});

describe('what is read of a file', () => {
  test('is all of it up to the bound, and one byte more when there is more', () => {
    const file = join(folder, 'ten');
    writeFileSync(file, '0123456789');
    expect([9, 10, 11, 0].map((most) => readAtMost(file, most).toString())).toEqual([
      '0123456789',
      '0123456789',
      '0123456789',
      '0',
    ]);
    expect(readAtMost(file, 4).toString()).toBe('01234');
  });

  test('is all of it also when it says that it is empty', () => {
    expect(readAtMost('/proc/self/environ', 10_000_000)).toEqual(readFileSync('/proc/self/environ'));
  });
});
