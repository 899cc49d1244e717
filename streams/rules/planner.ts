import type { Device, Profile } from '../model/device.js';
import type { DeviceFacts, Plan, Rules } from './rules.js';

/** What the rules say of a device, kept at its handle. */
export interface Planned {
  readonly rules: Rules;
  readonly facts: DeviceFacts;
  readonly plan: Plan;
  /** Set once episodes of rules that no longer match the device have been ended. */
  isSettled: boolean;
}

/** The plan of a device: worked out anew only when its profile, or the rules, are others. Never saved. */
export const planner =
  (rules: Rules): ((device: Device, profile: Profile) => Planned) =>
  (device, profile) => {
    const known = device.plan as Planned | null;
    if (known !== null && known.facts.profile === profile && known.rules === rules) return known;
    const facts = { id: device.id, profile };
    const planned: Planned = { rules, facts, plan: rules.planOf(facts), isSettled: false };
    device.plan = planned;
    return planned;
  };
