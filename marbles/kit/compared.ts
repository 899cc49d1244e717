import type { Chunk } from '../../streams/model/chunk.js';
import type { Run } from './runs.js';
import { shown } from './shown.js';

/**
 * What counts of a run, as lines in an order that does not depend on where chunks were cut: records, dead letters and skips by offset,
 * windows by device and metric, findings by rule and device, alerts by id, each in the order they came; and every text in the store.
 */
const lines = (run: Run<unknown>): readonly string[] => {
  const { settled, store } = run;
  const byOffset = settled.flatMap(offsetLines).sort((a, b) => a[0] - b[0]);
  const byKey = grouped(settled.flatMap(keyedLines));
  const devices = [...store.devices].map(([id, text]) => `stored of device ${id}: ${canonical(text)}`).sort();
  return [
    ...byOffset.map(([offset, line]) => `offset ${offset} ${line}`),
    ...byKey,
    `read ${settled.reduce((sum, { read }) => sum + read, 0)}, next ${store.next}`,
    `stored of the partition: ${store.partition === null ? 'nothing' : canonical(store.partition)}`,
    ...devices,
  ];
};

type At = readonly [offset: number, line: string];

const offsetLines = ({ records, rejected, skipped, advances }: Chunk<unknown>): readonly At[] => [
  ...records.map(({ origin, value }): At => [origin.offset, `on the main path: ${shown(value)}`]),
  ...rejected.map(({ origin, rejection }): At => [origin.offset, `dead letter: ${shown(rejection)}`]),
  ...skipped.map(({ origin, skip }): At => [origin.offset, `skipped: ${shown(skip)}`]),
  ...advances.map((advance): At => [advance.before, `moves a clock: ${shown(advance)}`]),
];

type Keyed = readonly [key: string, line: string];

const keyedLines = ({ windows, findings, alerts }: Chunk<unknown>): readonly Keyed[] => [
  ...windows.map((window): Keyed => [`window of ${window.device} ${window.metric}`, shown(window)]),
  ...findings.map((finding): Keyed => [`finding of ${finding.rule} ${finding.device}`, shown(finding)]),
  ...alerts.map((alert): Keyed => [`alert ${alert.id}`, shown(alert)]),
];

const grouped = (keyed: readonly Keyed[]): readonly string[] =>
  Array.from(keyed, ([key, line], at) => ({ key, line, at }))
    .sort((a, b) => (a.key === b.key ? a.at - b.at : a.key < b.key ? -1 : 1))
    .map(({ key, line }) => `${key}: ${line}`);

/** JSON with members in order of name. */
const canonical = (text: string): string => JSON.stringify(JSON.parse(text), inOrder);

const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** Errors: throws with the first lines that differ: `-` in the one that is right by definition, `+` in the other. */
export const expectSame = (rule: string, right: Run<unknown>, other: Run<unknown>): void => {
  const [a, b] = [lines(right), lines(other)];
  const missing = a.filter((line) => !b.includes(line)).map((line) => `    - ${line}`);
  const added = b.filter((line) => !a.includes(line)).map((line) => `    + ${line}`);
  const told = [...missing.slice(0, 6), ...added.slice(0, 6)];
  if (told.length === 0 && shown(a) === shown(b)) return;
  throw new Error(`${rule}\n${told.length === 0 ? '    the same lines, in another order or number' : told.join('\n')}`);
};
