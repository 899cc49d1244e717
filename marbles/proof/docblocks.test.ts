import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const operators = new URL('../../streams/operators/', import.meta.url);
const twins = new URL('../', import.meta.url);
const names = readdirSync(operators).map((file) => file.replace(/\.ts$/, ''));

/** The marble of a docblock: the lines `source   -a-|` and `result   -a-|`. */
const marbleOf = (docblock: string, line: 'source' | 'result'): string | undefined =>
  new RegExp(String.raw`^ \* {5}${line} +(\S+) `, 'm').exec(docblock)?.[1];

/** The first marble test of a twin: `cold(' -a-|'`, and `const result = '-a-|'`. */
const firstMarble = (test: string): { source: string | undefined; result: string | undefined } => {
  const first = test.slice(test.search(/^ {2}marbles\(/m));
  return {
    source: /const source = cold\('\s*([^']+?)\s*'/.exec(first)?.[1],
    result: /const result = '\s*([^']+?)\s*'/.exec(first)?.[1],
  };
};

describe('every operator', () => {
  it('is found', () => {
    expect(names).toEqual(
      expect.arrayContaining(['alert', 'dedupe', 'each-record', 'latest', 'tally', 'watermark', 'window']),
    );
  });

  it.each(names)(
    '%s has a twin whose first test is the marble of its docblock, and which holds it to the laws',
    (name) => {
      const source = readFileSync(new URL(`${name}.ts`, operators), 'utf8');
      const twin = readFileSync(new URL(`${name}.test.ts`, twins), 'utf8');
      const drawn = { source: marbleOf(source, 'source'), result: marbleOf(source, 'result') };
      expect(drawn).toEqual({
        source: expect.stringMatching(/\|$/) as string,
        result: expect.stringMatching(/\|$/) as string,
      });
      expect(firstMarble(twin)).toEqual(drawn);
      expect(twin).toContain('obeysStreamLaws(');
    },
  );

  it.each(names)('%s says memory, completion, errors, purity and cost, in this order', (name) => {
    const source = readFileSync(new URL(`${name}.ts`, operators), 'utf8');
    const said = [...source.matchAll(/^ \* - (\w+):/gm)].map(([, word]) => word);
    expect(said).toEqual(['Memory', 'Completion', 'Errors', 'Purity', 'Cost']);
  });
});
