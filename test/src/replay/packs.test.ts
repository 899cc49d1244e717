import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../../src/config/defaults.js';
import { showFault } from '../../../src/config/faults.js';
import { detailsOf } from '../../../src/replay/case-lines.js';
import { caseFilesIn, runCaseFile } from '../../../src/replay/case-files.js';
import { packFile } from '../../../src/rules/load.js';

const files = caseFilesIn(dirname(packFile('starter')));

describe('rules that come with weir', () => {
  test('have cases, every one of them', () => {
    expect(files.length).toBeGreaterThanOrEqual(5);
  });

  test.each(files)('%s: decide as their cases say', async (file) => {
    const ran = await runCaseFile(file, defaultConfig().pipeline, () => undefined);
    if (ran._tag === 'Left') throw new Error(ran.left.map(showFault).join('\n'));
    const failed = ran.right.filter(({ isPassed }) => !isPassed);
    expect(failed.map((result) => [result.name, ...detailsOf(result)].join('\n'))).toEqual([]);
    expect(ran.right.every(({ tally }) => tally.read > 0)).toBe(true);
  });
});
