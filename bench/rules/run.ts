/**
 * `npm run bench:rules [-- --json] [-- --only 'TEXT;TEXT'] [-- --rounds N]`
 *
 * What rules cost: CPU a record, and bytes a device. Each case in a process of its own; rounds go through all cases in turn; medians.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ruleCases } from './cases.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '5' },
  },
});

const one = fileURLToPath(new URL('one.ts', import.meta.url));
const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1] ?? NaN;

const wanted = values.only.split(';');
const chosen = [...ruleCases.keys()].filter(
  (name) => name === 'parsing' || name === 'no rules' || wanted.some((part) => name.includes(part)),
);
const measured = new Map(chosen.map((name) => [name, { ns: [] as number[], bytes: 0 }]));
for (let round = 1; round <= Number(values.rounds); round += 1) {
  process.stderr.write(`round ${round} of ${values.rounds}, ${chosen.length} cases\n`);
  for (const [name, result] of measured) {
    const said = execFileSync(process.execPath, ['--import', 'tsx', one, name], { encoding: 'utf8' });
    const { ns, bytes } = JSON.parse(said) as { readonly ns: number; readonly bytes: number };
    result.ns.push(ns);
    result.bytes = bytes;
  }
}

const floor = median(measured.get('parsing')?.ns ?? []);
const bare = median(measured.get('no rules')?.ns ?? []);
const rows = [...measured].map(([name, { ns, bytes }]) => ({
  case: name,
  nsPerRecord: Math.round(median(ns)),
  onTopOfParsing: Math.round(median(ns) - floor),
  onTopOfNoRules: Math.round(median(ns) - bare),
  bytesPerDevice: Math.round(bytes),
}));
if (values.json) for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
else console.table(rows);
