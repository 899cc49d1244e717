import { type Episode, type ExpectedAlert, isCleared, keptSteps, type Step } from '../oracle/episodes.js';
import { rules } from '../oracle/rules.js';

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** Those that go on, and the cleared ones that were cleared last. */
export const keptAlerts = (
  alerts: readonly ExpectedAlert[],
  place: Place,
  keepAlerts: number,
): ReadonlyMap<string, unknown> => {
  const cleared = alerts
    .filter(isCleared)
    .map((alert) => ({ alert, id: idOf(alert, place), offset: alert.steps.at(-1)?.offset ?? NaN }))
    .sort((a, b) => b.offset - a.offset || (a.id < b.id ? 1 : -1))
    .slice(0, keepAlerts)
    .map(({ alert }) => alert);
  const open = alerts.filter((alert) => !isCleared(alert));
  return new Map([...open, ...cleared].map((alert) => [idOf(alert, place), alertOf(alert, place)]));
};

/** A rule on a device, as it lies beside the device's other state. */
export const episodeOf = (episode: Episode, place: Place): unknown => {
  const { level, run, runTo, isRising, alert, pending } = episode;
  const change = run.length === 0 ? null : { sinceMs: run[0]?.moment.timeMs, to: runTo };
  return {
    standing: { level, rise: isRising ? change : null, fall: isRising ? null : change, decisions: 0 },
    pending: pending === null ? null : stepOf(pending),
    alert: alert === null ? null : { ...alertOf(alert, place), peakValue: alert.peak },
  };
};

const idOf = ({ rule, device, raised }: ExpectedAlert, { topic, partition }: Place): string =>
  `${rule.id}@${device}@${topic}-${partition}-${raised.offset}`;

/** As it was told with its last step. */
const alertOf = (alert: ExpectedAlert, place: Place): Readonly<Record<string, unknown>> => {
  const { rule, device, raised, peakTold } = alert;
  const last = alert.steps.at(-1);
  const cleared = isCleared(alert) ? last : undefined;
  return {
    id: idOf(alert, place),
    rule: rule.id,
    device,
    metric: rule.metric,
    severity: last?.severity,
    state: last?.state,
    version: last?.version,
    reason: last?.reason,
    message: messageOf(alert),
    labels: {},
    raisedAtMs: raised.timeMs,
    raisedValue: raised.value,
    raisedOffset: raised.offset,
    peakValue: peakTold,
    clearedAtMs: cleared?.timeMs ?? null,
    clearedValue: cleared?.value ?? null,
    clearedOffset: cleared?.offset ?? null,
    isMuted: false,
    flood: null,
    evidence: null,
    history: keptSteps(alert).map(stepOf),
  };
};

const stepOf = ({ version, state, severity, reason, timeMs, offset, value }: Step): unknown => ({
  version,
  state,
  severity,
  reason,
  atMs: timeMs,
  offset,
  value,
});

const messageOf = ({ rule, said }: ExpectedAlert): string => {
  const unit = rules.units[rule.metric] ?? '';
  const withUnit = (value: number): string => `${Number(value.toFixed(2))}${unit === '' ? '' : ` ${unit}`}`;
  const what = rule.maxOf === null ? rule.metric : `max of ${rule.metric}`;
  return `${what} ${withUnit(said.value)} is ${rule.above ? 'above' : 'below'} ${withUnit(said.crossed)}`;
};
