import { left, right } from 'fp-ts/lib/Either.js';
import { shown } from '../codecs/explain.js';
import { type Flag, Telemetry } from '../model/telemetry.js';
import type { Stage } from '../model/stage.js';
import { planner } from '../rules/planner.js';
import type { CheckRule, Rules } from '../rules/rules.js';
import type { PipelineSettings } from '../rules/settings.js';
import { holdsOneOf, Newest } from '../state/newest.js';
import type { PartitionState } from '../state/partition-state.js';

/** What is wrong: of which reading (−1: of the record as a whole), why, and the nearest value that would be right (NaN: none). */
interface Breach {
  readonly metric: number;
  readonly message: string;
  readonly nearest: number;
}

/**
 * Holds telemetry to the claims of the rules. A record that breaks one is turned away, flagged, or clamped to the nearest value that is right,
 * which is flagged, too. Readings are compared with the newest of their metric that was accepted; what comes behind that has no step.
 * Remembers, in `state`, the newest readings of metrics whose steps, or which several together, are claimed something of.
 */
export const check = (
  { rules }: Pick<PipelineSettings, 'rules'>,
  state: PartitionState,
): Stage<Telemetry, Telemetry> => {
  const planOf = planner(rules);
  const newest = new Newest(state, 'checked', rules.metrics);

  return (telemetry) => {
    const { checks } = planOf(telemetry.device, telemetry.profile).plan;
    if (checks.length === 0) return right(telemetry);
    let flags: Flag[] | null = null;
    let checked = telemetry;
    for (const rule of checks) {
      const breach = breachOf(rule, checked, newest, rules);
      if (breach === null) continue;
      const { metric, message, nearest } = breach;
      if (rule.then === 'reject')
        return left({ _tag: 'invalid', rule: rule.id, path: rules.metrics[metric]?.name ?? '', message });
      if (rule.then === 'clamp' && metric >= 0 && !Number.isNaN(nearest)) checked = clamped(checked, metric, nearest);
      (flags ??= []).push({ rule: rule.id, metric, isCounted: rule.isCounted });
    }
    checked.flags = flags;
    for (const { claim } of checks) note(claim, checked, newest);
    return right(checked);
  };
};

/** What later records are compared with. */
const note = (claim: CheckRule['claim'], { device, readings, eventTimeMs }: Telemetry, newest: Newest): void => {
  if (claim._tag === 'step') newest.note(device, claim.metric, readings, eventTimeMs);
  if (claim._tag !== 'holds' || claim.expression.reads.length < 2) return;
  for (const metric of claim.expression.reads) newest.note(device, metric, readings, eventTimeMs);
};

/** A telemetry of its own: the one that came in is somebody else's. */
const clamped = (telemetry: Telemetry, metric: number, value: number): Telemetry => {
  const { device, eventTimeMs, units, quality, profile, messageId, format } = telemetry;
  const readings = telemetry.readings.map((reading, i) => (i === metric ? value : reading));
  return new Telemetry(device, eventTimeMs, readings, units, quality, profile, messageId, format);
};

const breachOf = (
  { id, claim }: CheckRule,
  { device, profile, readings, eventTimeMs }: Telemetry,
  newest: Newest,
  { metrics }: Rules,
): Breach | null => {
  switch (claim._tag) {
    case 'required': {
      const missing = claim.metrics.filter((metric) => Number.isNaN(readings[metric] ?? NaN));
      if (missing.length === 0) return null;
      const names = missing.map((metric) => metrics[metric]?.name ?? '').join(', ');
      return { metric: -1, message: `${id}: ${names} must be in every record`, nearest: NaN };
    }
    case 'range': {
      const { metric, min, max } = claim;
      const value = readings[metric] ?? NaN;
      if (Number.isNaN(value) || (value >= min && value <= max)) return null;
      const message = `${id}: ${metrics[metric]?.name ?? ''} ${value} is outside ${min} to ${max}`;
      return { metric, message, nearest: Math.min(max, Math.max(min, value)) };
    }
    case 'step': {
      const { metric, perSecond } = claim;
      const value = readings[metric] ?? NaN;
      const kept = newest.of(device);
      const before = kept[2 * metric] ?? NaN;
      const seconds = (eventTimeMs - (kept[2 * metric + 1] ?? NaN)) / 1000;
      const most = perSecond * seconds;
      if (!(seconds > 0) || !(Math.abs(value - before) > most)) return null;
      const message = `${id}: ${metrics[metric]?.name ?? ''} went from ${before} to ${value} within ${seconds} s; at most ${perSecond} a second are possible`;
      return { metric, message, nearest: before + Math.sign(value - before) * most };
    }
    case 'one_of': {
      const found = claim.field(profile);
      if (found === null || claim.values.has(found)) return null;
      return { metric: -1, message: `${id}: ${claim.name} ${shown(found)} is not one of those known`, nearest: NaN };
    }
    case 'pattern': {
      const found = claim.field(profile);
      if (found === null || claim.matches(String(found))) return null;
      return {
        metric: -1,
        message: `${id}: ${claim.name} ${shown(found)} is not of the form it should have`,
        nearest: NaN,
      };
    }
    case 'holds': {
      const { reads, evaluate, text } = claim.expression;
      // One that reads no metric is about the device.
      const isNew = reads.length === 0 || holdsOneOf(reads, readings);
      if (!isNew || !newest.fill(device, reads, readings)) return null;
      if (evaluate(newest.readings, { id: device.id, profile })) return null;
      const metric = reads.length === 1 ? (reads[0] ?? -1) : -1;
      return { metric, message: `${id}: ${text} does not hold`, nearest: NaN };
    }
  }
};
