import { left, right } from 'fp-ts/lib/Either.js';
import type { Device } from '../model/device.js';
import { type Flag, Telemetry } from '../model/telemetry.js';
import type { Stage } from '../model/stage.js';
import { planner } from '../rules/planner.js';
import type { CheckAsked, DeviceFacts } from '../rules/rules.js';
import type { PipelineSettings } from '../rules/settings.js';
import { unknownProfile } from '../state/latest-memory.js';
import { holdsOneOf, Newest } from '../state/newest.js';
import type { PartitionState } from '../state/partition-state.js';

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
  const asked = new Asked(newest);

  return (telemetry) => {
    const { plan, facts } = planOf(telemetry.device, telemetry.profile);
    const { checks } = plan;
    if (checks.length === 0) return right(telemetry);
    let flags: Flag[] | null = null;
    let checked = telemetry;
    asked.about(telemetry, facts);
    for (const rule of checks) {
      const breach = rule.claim.breachIn(asked);
      if (breach === null) continue;
      const { metric, message, nearest } = breach;
      if (rule.then === 'reject') {
        const path = rules.metrics[metric]?.name ?? '';
        return left({ _tag: 'invalid', rule: rule.id, path, message: `${rule.id}: ${message}` });
      }
      if (rule.then === 'clamp' && metric >= 0 && !Number.isNaN(nearest)) {
        checked = clamped(checked, metric, nearest);
        asked.about(checked, facts);
      }
      (flags ??= []).push({ rule: rule.id, metric, isCounted: rule.isCounted });
    }
    checked.flags = flags;
    const { device, readings, eventTimeMs } = checked;
    for (const { claim } of checks) {
      const { keeps } = claim;
      for (let i = 0; i < keeps.length; i += 1) newest.note(device, keeps[i] ?? 0, readings, eventTimeMs);
    }
    return right(checked);
  };
};

/** A telemetry of its own: the one that came in is somebody else's. */
const clamped = (telemetry: Telemetry, metric: number, value: number): Telemetry => {
  const { device, eventTimeMs, units, quality, profile, messageId, format } = telemetry;
  const readings = telemetry.readings.map((reading, i) => (i === metric ? value : reading));
  return new Telemetry(device, eventTimeMs, readings, units, quality, profile, messageId, format);
};

/** What claims are asked about: the record under way, and what was accepted before it. */
class Asked implements CheckAsked {
  readings: readonly number[] = [];
  eventTimeMs = NaN;
  facts: DeviceFacts = { id: '', profile: unknownProfile };
  #device: Device | null = null;
  /** Of the device, looked up with the first use. */
  #kept: readonly number[] | null = null;

  constructor(readonly before: Newest) {}

  about({ device, readings, eventTimeMs }: Telemetry, facts: DeviceFacts): void {
    this.readings = readings;
    this.eventTimeMs = eventTimeMs;
    this.facts = facts;
    this.#device = device;
    this.#kept = null;
  }

  keptOf(slot: number): number {
    return this.#row()[2 * slot] ?? NaN;
  }

  keptAtMs(slot: number): number {
    return this.#row()[2 * slot + 1] ?? NaN;
  }

  newest(slots: readonly number[]): readonly number[] | null {
    const { readings, before } = this;
    // What reads no metric is about the device.
    if (this.#device === null || (slots.length > 0 && !holdsOneOf(slots, readings))) return null;
    return before.fill(this.#device, slots, readings) ? before.readings : null;
  }

  #row(): readonly number[] {
    return (this.#kept ??= this.#device === null ? [] : this.before.of(this.#device));
  }
}
