import * as t from 'io-ts';
import type { Alert, AlertTransition, Severity } from '../model/alert.js';
import type { Offset, TopicPartition } from '../model/units.js';
import { memory } from '../state/partition-state.js';
import { StoredAlert } from './episode.js';

/** How many alerts of a group were raised in the period under way. */
export interface Flood {
  /** Beginning of the period, log time, epoch ms. */
  readonly sinceMs: number;
  readonly raised: number;
  readonly most: number;
  readonly perMs: number;
  /** Of this period or one before it, as last told; null when there was no flood of late. */
  readonly summary: Alert | null;
}

const StoredFlood: t.Type<Flood> = t.type({
  sinceMs: t.number,
  raised: t.number,
  most: t.number,
  perMs: t.number,
  summary: t.union([StoredAlert, t.null]),
});
const StoredFloods = t.record(t.string, StoredFlood);

/** By group; one of the partition's own memories. */
export const floodMemory = memory<Map<string, Flood>, t.TypeOf<typeof StoredFloods>>({
  name: 'floods',
  create: () => new Map(),
  stored: StoredFloods,
  store: (floods) => Object.fromEntries(floods),
  restore: (stored) => new Map(Object.entries(stored)),
});

export interface Guard {
  readonly most: number;
  readonly perMs: number;
}

export interface Raise {
  readonly group: string;
  readonly severity: Severity;
  readonly source: TopicPartition;
  readonly atMs: number;
  readonly offset: Offset;
}

/** Counts one more alert raised. Beyond `most` in a period the summary stands for it, which is told anew each time. */
export const raisedInGroup = (before: Flood | undefined, guard: Guard, raise: Raise, logMs: number): Flood => {
  const flood = before ?? { sinceMs: logMs, raised: 0, summary: null };
  const raised = flood.raised + 1;
  if (raised <= guard.most) return { ...flood, ...guard, raised };
  return { ...flood, ...guard, raised, summary: summarised(flood.summary, raised, guard, raise) };
};

/** Once a period is over the next one begins; a whole period without a flood clears the summary. */
export const passed = (
  flood: Flood,
  logMs: number,
  offset: Offset,
): { readonly flood: Flood | null; readonly told: Alert | null } => {
  if (logMs < flood.sinceMs + flood.perMs) return { flood, told: null };
  if (flood.summary === null) return { flood: null, told: null };
  if (flood.raised > flood.most) return { flood: { ...flood, sinceMs: logMs, raised: 0 }, told: null };
  const { summary } = flood;
  const version = summary.version + 1;
  const told: Alert = {
    ...summary,
    state: 'cleared',
    reason: 'cleared',
    version,
    clearedAtMs: logMs,
    clearedOffset: offset,
    clearedValue: flood.raised,
    history: withStep(summary.history, {
      version,
      state: 'cleared',
      severity: summary.severity,
      reason: 'cleared',
      atMs: logMs,
      offset,
      value: flood.raised,
    }),
  };
  return { flood: null, told };
};

const summarised = (before: Alert | null, raised: number, { most, perMs }: Guard, raise: Raise): Alert => {
  const { group, severity, source, atMs, offset } = raise;
  const message = `${raised} alerts of ${group} within ${perMs / 1000} s; the first ${most} are shown, this one stands for the others`;
  if (before !== null) {
    const peakValue = Math.max(before.peakValue ?? 0, raised);
    const version = before.version + 1;
    const worst = worse(before.severity, severity);
    const reason = worst === before.severity ? before.reason : 'severity_raised';
    const step = { version, state: 'active', severity: worst, reason, atMs, offset, value: raised } as const;
    // That it stands for one more is no step of its own.
    const history = worst === before.severity ? before.history : withStep(before.history, step);
    return { ...before, version, severity: worst, reason, message, peakValue, history };
  }
  return {
    id: `flood@${group}@${source.topic}-${source.partition}-${offset}`,
    rule: 'flood',
    device: '',
    metric: '',
    severity,
    state: 'active',
    version: 1,
    reason: 'raised',
    message,
    labels: { group },
    raisedAtMs: atMs,
    raisedValue: raised,
    raisedOffset: offset,
    peakValue: raised,
    clearedAtMs: null,
    clearedValue: null,
    clearedOffset: null,
    isMuted: false,
    flood: null,
    evidence: null,
    history: [{ version: 1, state: 'active', severity, reason: 'raised', atMs, offset, value: raised }],
  };
};

const withStep = (history: readonly AlertTransition[], step: AlertTransition): readonly AlertTransition[] =>
  [...history, step].slice(-16);

const ranks: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2, critical: 3 };
const worse = (a: Severity, b: Severity): Severity => (ranks[a] >= ranks[b] ? a : b);
