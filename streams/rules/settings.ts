import type { DedupeSetting, LimitSetting, TimeSetting } from '../model/settings.js';
import type { MetricRule, Rules } from './rules.js';

/** What holds whatever the rules: at the door, before anything is decided. */
export interface DoorSettings {
  readonly time: TimeSetting;
  readonly dedupe: DedupeSetting;
  readonly limits: LimitSetting;
}

/** Everything `streams/` is told from outside. */
export interface PipelineSettings extends DoorSettings {
  readonly rules: Rules;
  /** The metric table, which is that of the rules; a metric's index here is its slot in `Telemetry.readings`. */
  readonly metrics: readonly MetricRule[];
}

export const settingsUnder = (rules: Rules, door: DoorSettings): PipelineSettings => ({
  ...door,
  rules,
  metrics: rules.metrics,
});
