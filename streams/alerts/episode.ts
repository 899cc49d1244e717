import * as t from 'io-ts';
import type { Alert, AlertReason, AlertState, AlertTransition, Evidence } from '../model/alert.js';
import type { Offset, TopicPartition } from '../model/units.js';
import type { AlertRule, DeviceFacts } from '../rules/rules.js';
import { levelCrossed } from './levels.js';
import { decide, isNormal, normal, type Standing, type StandingState, stateOf } from './standing.js';

const orNull = <C extends t.Mixed>(codec: C) => t.union([codec, t.null]);
const severity = t.keyof({ info: null, warning: null, error: null, critical: null });
const state = t.keyof({ active: null, recovering: null, cleared: null });
const reason = t.keyof({
  raised: null,
  severity_raised: null,
  severity_lowered: null,
  recovering: null,
  relapsed: null,
  unmuted: null,
  cleared: null,
  rule_removed: null,
  no_longer_matches: null,
});

const StoredTransition: t.Type<AlertTransition> = t.type({
  version: t.number,
  state: t.union([t.literal('pending'), state]),
  severity,
  reason: t.union([t.literal('pending'), reason]),
  atMs: t.number,
  offset: t.number,
  value: orNull(t.number),
});

/** An alert as it is stored, wherever it is. */
export const StoredAlert: t.Type<Alert> = t.type({
  id: t.string,
  rule: t.string,
  device: t.string,
  metric: t.string,
  severity,
  state,
  version: t.number,
  reason,
  message: t.string,
  labels: t.record(t.string, t.string),
  raisedAtMs: t.number,
  raisedValue: orNull(t.number),
  raisedOffset: t.number,
  peakValue: orNull(t.number),
  clearedAtMs: orNull(t.number),
  clearedValue: orNull(t.number),
  clearedOffset: orNull(t.number),
  isMuted: t.boolean,
  flood: orNull(t.string),
  evidence: orNull(t.type({ detector: t.string, score: t.number, low: orNull(t.number), high: orNull(t.number) })),
  history: t.readonlyArray(StoredTransition),
});

const StoredChange = orNull(t.type({ sinceMs: t.number, to: t.number }));
const StoredStanding: t.Type<Standing> = t.type({
  level: t.number,
  rise: StoredChange,
  fall: StoredChange,
  decisions: t.number,
});

/** What is remembered of a rule on a device, unless it is simply normal. */
export interface Episode {
  readonly standing: Standing;
  /** How it became pending; null once that is over. */
  readonly pending: AlertTransition | null;
  /** As last told; null before it is raised. */
  readonly alert: Alert | null;
}

export const StoredEpisode: t.Type<Episode> = t.type({
  standing: StoredStanding,
  pending: orNull(StoredTransition),
  alert: orNull(StoredAlert),
});

/** What a rule decides on. */
export interface Occasion {
  readonly device: DeviceFacts;
  readonly source: TopicPartition;
  readonly atMs: number;
  readonly offset: Offset;
  /** NaN for expressions over several metrics. */
  readonly value: number;
  readonly metric: string;
  readonly unit: string;
  readonly evidence: Evidence | null;
  /** So many decisions of the rule have been made on the device with this record before. */
  readonly turn: number;
}

const keptTransitions = 16;

/**
 * The episode after one more decision, and whether its alert must be told. Null when everything is normal again. `told` is null when nobody
 * has to hear of it.
 */
export const continued = (
  rule: AlertRule,
  from: Episode | undefined,
  reached: number,
  occasion: Occasion,
): { readonly episode: Episode | null; readonly told: Alert | null } => {
  const before = from?.standing ?? normal;
  const standing = decide(before, reached, occasion.atMs, rule);
  const [was, is] = [stateOf(before), stateOf(standing)];
  const isOver = standing.level > 0 && from?.alert?.isMuted === true && !rule.isMuted(occasion.atMs);
  const why = reasonOf(before, standing, was, is) ?? (isOver ? 'unmuted' : null);
  if (why === null) {
    if (isNormal(standing)) return { episode: null, told: null };
    const pending = is === 'pending' ? (from?.pending ?? pendingAt(rule, standing, occasion)) : null;
    const alert = withPeak(rule, from?.alert ?? null, occasion.value);
    const isSame = from !== undefined && from.standing === standing && from.pending === pending && from.alert === alert;
    return { episode: isSame ? from : { standing, pending, alert }, told: null };
  }
  const alert = toldAs(rule, from, standing, why, occasion);
  return {
    episode:
      standing.level > 0 || !isNormal(standing)
        ? { standing, pending: null, alert: standing.level > 0 ? alert : null }
        : null,
    told: alert,
  };
};

/** Ends an episode from outside: its rule or its device is not what it was. */
export const ended = (alert: Alert, why: AlertReason, atMs: number, offset: Offset): Alert => ({
  ...alert,
  state: 'cleared',
  version: alert.version + 1,
  reason: why,
  clearedAtMs: atMs,
  clearedOffset: offset,
  history: [
    ...alert.history,
    {
      version: alert.version + 1,
      state: 'cleared' as const,
      severity: alert.severity,
      reason: why,
      atMs,
      offset,
      value: null,
    },
  ].slice(-keptTransitions),
});

const reasonOf = (before: Standing, after: Standing, was: StandingState, is: StandingState): AlertReason | null => {
  if (after.level > before.level) return before.level === 0 ? 'raised' : 'severity_raised';
  if (after.level < before.level) return after.level === 0 ? 'cleared' : 'severity_lowered';
  if (was === is) return null;
  if (is === 'recovering') return 'recovering';
  return was === 'recovering' ? 'relapsed' : null;
};

const pendingAt = (rule: AlertRule, { rise }: Standing, { atMs, offset, value }: Occasion): AlertTransition => ({
  version: 0,
  state: 'pending',
  severity: rule.levels[(rise?.to ?? 1) - 1]?.severity ?? 'warning',
  reason: 'pending',
  atMs,
  offset,
  value: orNothing(value),
});

/** NaN is not JSON. */
const orNothing = (value: number): number | null => (Number.isNaN(value) ? null : value);

const toldAs = (
  rule: AlertRule,
  from: Episode | undefined,
  standing: Standing,
  why: AlertReason,
  occasion: Occasion,
): Alert => {
  const { atMs, offset, value } = occasion;
  const before = from?.alert ?? null;
  const told: AlertState =
    standing.level === 0 ? 'cleared' : stateOf(standing) === 'recovering' ? 'recovering' : 'active';
  const version = (before?.version ?? 0) + 1;
  const severityNow = rule.levels[standing.level - 1]?.severity ?? before?.severity ?? 'warning';
  const transition = {
    version,
    state: told,
    severity: severityNow,
    reason: why,
    atMs,
    offset,
    value: orNothing(value),
  };
  const begun = before?.history ?? (from?.pending == null ? [] : [from.pending]);
  const isRaised = before === null;
  const cleared = told === 'cleared';
  return {
    ...(isRaised ? raisedBy(rule, standing, occasion) : before),
    peakValue: isRaised ? orNothing(value) : furthest(rule, before.peakValue, value),
    // As the evidence, of what went furthest: on the way back it stays.
    ...(why === 'severity_raised' && { message: messageOf(rule, standing, occasion) }),
    severity: severityNow,
    state: told,
    version,
    reason: why,
    isMuted: rule.isMuted(atMs),
    evidence: stronger(before?.evidence ?? null, occasion.evidence),
    clearedAtMs: cleared ? atMs : null,
    clearedValue: cleared ? orNothing(value) : null,
    clearedOffset: cleared ? offset : null,
    history: [...begun, transition].slice(-keptTransitions),
  };
};

const messageOf = (rule: AlertRule, standing: Standing, { device, value, metric, unit }: Occasion): string => {
  const level = rule.levels[standing.level - 1];
  return rule.message({
    device,
    rule: rule.id,
    metric,
    unit,
    severity: level?.severity ?? 'warning',
    value,
    level: level === undefined ? NaN : levelCrossed(level, value),
  });
};

/** Why it was raised, or what went further since; not what was seen when it cleared. */
const stronger = (before: Evidence | null, now: Evidence | null): Evidence | null =>
  before === null || (now !== null && now.score > before.score) ? now : before;

const raisedBy = (rule: AlertRule, standing: Standing, occasion: Occasion) => {
  const { device, source, atMs, offset, value, metric, turn } = occasion;
  return {
    id: `${rule.id}@${device.id}@${turn === 0 ? '' : `${turn}@`}${source.topic}-${source.partition}-${offset}`,
    rule: rule.id,
    device: device.id,
    metric,
    message: messageOf(rule, standing, occasion),
    labels: rule.labels,
    raisedAtMs: atMs,
    raisedValue: orNothing(value),
    raisedOffset: offset,
    flood: null,
  };
};

/** The peak of an alert that is not told for that alone. */
const withPeak = (rule: AlertRule, alert: Alert | null, value: number): Alert | null => {
  if (alert === null) return null;
  const peakValue = furthest(rule, alert.peakValue, value);
  return peakValue === alert.peakValue ? alert : { ...alert, peakValue };
};

const furthest = (rule: AlertRule, peak: number | null, value: number): number | null =>
  peak === null || Number.isNaN(value) ? peak : (rule.levels[0]?.further(peak, value) ?? peak);
