import { compareDeadLetters } from '../compare/dead-letters.js';
import { unequal } from '../compare/equal.js';
import { type Found, member } from '../compare/found.js';
import { differences } from '../compare/partition.js';
import { foldPartition, type ToldSpan } from '../oracle/fold.js';
import type { Told, WindowRule } from '../oracle/rules.js';
import type { ExpectedWindow } from '../oracle/windows.js';
import type { Glimpse, Stored } from './stored.js';
import type { Topics } from './topic.js';

export interface Trial {
  readonly topic: string;
  readonly group: string;
  readonly told: Told;
  /** What other versions of the rules say, if the rules were changed: then each partition is folded by those it says it was decided by. */
  readonly versions?: ReadonlyMap<string, Told> | undefined;
  readonly keepWindows: number;
  readonly keepAlerts: number;
}

export interface Verdict {
  /** Empty when the store and the dead-letter topic hold exactly what the log gives. */
  readonly differences: readonly string[];
  readonly records: number;
  readonly devices: number;
  readonly closedWindows: number;
  readonly openWindows: number;
  readonly corrections: number;
  /** By the kind of their rule, whatever became of them. */
  readonly kinds: Readonly<Record<WindowRule['_tag'], KindCounts>>;
  /** How often a reading between two sessions made one of them. */
  readonly joinedSessions: number;
  readonly alerts: number;
  /** Cleared because their rule was taken away. */
  readonly endedAlerts: number;
  readonly deadLetters: number;
  readonly repeatedLetters: number;
  readonly tally: Readonly<Record<string, number>>;
  readonly reasons: Readonly<Record<string, number>>;
}

interface KindCounts {
  readonly closed: number;
  readonly open: number;
  readonly corrections: number;
  /** Closed before their time, because their rule was changed. */
  readonly cut: number;
}

/**
 * Folds the whole log anew, apart from the service, and compares it with everything that is kept; and what was seen of the store in
 * between with what the log gave up to there.
 */
export const judge = async (
  trial: Trial,
  topics: Topics,
  stored: Stored,
  glimpses: readonly Glimpse[] = [],
): Promise<Verdict> => {
  const { topic, group, keepWindows, keepAlerts } = trial;
  const log = await topics.read(topic);
  const letters = (await topics.read(`${topic}.dlq`)).flat();
  const found: string[] = [];
  const partitions = [];
  const known = await stored.partitions(group);
  found.push(...unequal(known, log.map((_, partition) => `${topic}:${partition}`).sort(), 'partitions'));
  for (const [partition, records] of log.entries()) {
    const held = await stored.found(topic, partition, group);
    const spans = spansIn(held);
    found.push(...backwards(spans).map((what) => `${topic}-${partition}: ${what}`));
    const told = trial.versions === undefined ? trial.told : spans.map((span) => toldIn(span, trial.versions));
    const mid = glimpses.filter((glimpse) => glimpse.partition === partition);
    const expected = foldPartition(records, told, (soFar) => {
      for (const { next, found: seen } of mid) {
        if (next !== soFar.next) continue;
        const compared = { topic, partition, expected: soFar, found: seen(), keepWindows, keepAlerts };
        found.push(...differences(compared).map((difference) => `at ${next}, ${difference}`));
      }
    });
    found.push(...differences({ topic, partition, expected, found: held, keepWindows, keepAlerts }));
    partitions.push({ records, expected });
  }
  const dead = compareDeadLetters(partitions, letters);
  const windows = partitions.flatMap(({ expected }) => [...expected.windows]);
  const alerts = partitions.flatMap(({ expected }) => expected.alerts);
  const reasons = partitions.flatMap(({ expected }) => [...expected.dead.values()]);
  return {
    differences: [...found, ...dead.differences],
    records: log.flat().length,
    devices: partitions.reduce((sum, { expected }) => sum + expected.devices.size, 0),
    ...countsOf(windows),
    alerts: alerts.length,
    endedAlerts: alerts.filter(({ steps }) => steps.at(-1)?.reason === 'rule_removed').length,
    deadLetters: dead.expected,
    repeatedLetters: dead.repeats,
    tally: sumOf(partitions.map(({ expected }) => expected.tally)),
    reasons: sumOf(reasons.map((reason) => ({ [reason]: 1 }))),
  };
};

const countsOf = (
  windows: readonly ExpectedWindow[],
): Pick<Verdict, 'closedWindows' | 'openWindows' | 'corrections' | 'kinds' | 'joinedSessions'> => {
  const all = countsIn(windows);
  const ofKind = (kind: WindowRule['_tag']): KindCounts => countsIn(windows.filter(({ rule }) => rule._tag === kind));
  return {
    closedWindows: all.closed,
    openWindows: all.open,
    corrections: all.corrections,
    kinds: { aligned: ofKind('aligned'), session: ofKind('session'), count: ofKind('count') },
    joinedSessions: windows.reduce((sum, { joins }) => sum + joins, 0),
  };
};

const countsIn = (windows: readonly ExpectedWindow[]): KindCounts => ({
  closed: windows.filter(({ isClosed }) => isClosed).length,
  open: windows.filter(({ isClosed }) => !isClosed).length,
  corrections: windows.reduce((sum, { revision }) => sum + Math.max(0, revision - 1), 0),
  cut: windows.filter(({ isCut }) => isCut).length,
});

/** Which rules a partition says it was decided by, since which record. */
export interface Span {
  readonly sequence: number;
  readonly version: string;
  readonly since: number;
}

export const spansIn = ({ own }: Pick<Found, 'own'>): readonly Span[] => {
  const spans = member(own, 'rules');
  return Array.isArray(spans) ? (spans as readonly Span[]) : [];
};

/** Rules that a partition was decided by after newer ones. */
const backwards = (spans: readonly Span[]): readonly string[] =>
  spans.slice(1).flatMap(({ sequence, since }, i) => {
    const before = spans[i];
    return before === undefined || (sequence > before.sequence && since > before.since)
      ? []
      : [`rules ${sequence} since ${since} after ${before.sequence} since ${before.since}`];
  });

const toldIn = ({ version, since }: Span, versions: Trial['versions']): ToldSpan => {
  const told = versions?.get(version);
  if (told === undefined) throw new Error(`rules ${version} were never put in force`);
  return { since, told };
};

const sumOf = (counts: readonly Readonly<Record<string, number>>[]): Record<string, number> => {
  const sum: Record<string, number> = {};
  for (const count of counts) {
    for (const [name, value] of Object.entries(count)) sum[name] = (sum[name] ?? 0) + value;
  }
  return sum;
};
