/** What an expression costs: the functions that rules are made of beside the evaluator of the library, alternating, medians of CPU time. */
import { Environment } from '@marcbachmann/cel-js';
import type { DeviceFacts } from '../streams/rules/rules.js';
import { claimOf } from '../src/rules/cel/expression.js';
import { languageOf } from '../src/rules/cel/language.js';

const names = ['temperature', 'humidity'] as const;
/** Whole numbers with their point, as the library wants them. */
const texts = [
  'temperature > 40.0',
  'temperature > 40.0 && (100.0 - humidity) / 5.0 > 2.0',
  'temperature > humidity || humidity < 3.0 || temperature * 1.8 + 32.0 > 104.0',
];
const evaluations = 1_000_000;
const rounds = 7;

const facts: DeviceFacts = { id: 'd', profile: { type: null, status: null, location: null, info: null } };
const rows = Array.from({ length: 1_000 }, (_, i) => [30 + (i % 30), (i * 7) % 100] as const);
const contexts = rows.map(([temperature, humidity]) => ({ temperature, humidity }));

const nsOf = (evaluate: (row: number) => unknown): number => {
  const from = process.cpuUsage();
  let held = 0;
  for (let i = 0; i < evaluations; i++) if (evaluate(i % rows.length) === true) held++;
  const { user, system } = process.cpuUsage(from);
  return held < 0 ? NaN : ((user + system) * 1_000) / evaluations;
};

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

const language = languageOf(new Map(names.map((name, slot) => [name, slot])));
const library = new Environment();
for (const name of names) library.registerVariable(name, 'double');

const cases = texts.map((text) => {
  const made = claimOf(language, { text, rule: 'bench', tagsOf: () => [] });
  if (made._tag === 'Left') throw new Error(made.left.problem);
  const claim = made.right;
  const parsed = library.parse(text);
  return {
    text,
    own: (row: number) => claim.evaluate(rows[row] ?? [], facts),
    theirs: (row: number): unknown => parsed(contexts[row]),
    ownNs: [] as number[],
    theirNs: [] as number[],
  };
});
for (let round = 0; round < rounds; round++)
  for (const { own, theirs, ownNs, theirNs } of cases) {
    ownNs.push(nsOf(own));
    theirNs.push(nsOf(theirs));
  }
for (const { text, ownNs, theirNs } of cases)
  process.stdout.write(`${median(ownNs).toFixed(1)} ns, library ${median(theirNs).toFixed(1)} ns: ${text}\n`);
