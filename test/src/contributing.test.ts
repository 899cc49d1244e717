import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

/** Of a text, whatever stands between its lines. */
const lines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const blocks = [...read('CONTRIBUTING.md').matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1] ?? '');

test('the code in CONTRIBUTING.md is that of the examples, line by line', () => {
  const examples = [
    ...['known-devices.ts', 'spikes.ts', 'spikes.test.ts', 'own.test.ts'].map((name) => `marbles/examples/${name}`),
    ...['never-seen.ts', 'never-seen.test.ts'].map((name) => `test/streams/detectors/example/${name}`),
    ...['rms.ts', 'rms.test.ts'].map((name) => `test/streams/statistics/example/${name}`),
    ...['shift.ts', 'shift.test.ts'].map((name) => `test/streams/windows/example/${name}`),
    ...['outside.ts', 'outside.test.ts'].map((name) => `test/src/rules/conditions/example/${name}`),
    ...['multiple-of.ts', 'multiple-of.test.ts'].map((name) => `test/src/rules/claims/example/${name}`),
  ].map(read);
  const known = new Set(examples.flatMap(lines));
  expect(blocks).toHaveLength(15);
  for (const block of blocks) expect(lines(block).filter((line) => !known.has(line))).toEqual([]);
});

test('every npm script that CONTRIBUTING.md names exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read('CONTRIBUTING.md').matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
