export type Severity = 'info' | 'warning' | 'error' | 'critical';

/** States of an episode as it is told; *pending* and *normal* ones are not (ISA-18.2). */
export type AlertState = 'active' | 'recovering' | 'cleared';

/** Why an alert came to be as it is. */
export type AlertReason =
  /** Its level held for as long as it must. */
  | 'raised'
  | 'severity_raised'
  | 'severity_lowered'
  /** It clears unless the level comes back within `keep_for`. */
  | 'recovering'
  /** It came back. */
  | 'relapsed'
  /** What kept it from people is over, and it still holds. */
  | 'unmuted'
  | 'cleared'
  /** The rule was taken out of the rules, or changed into another. */
  | 'rule_removed'
  /** The device no longer matches the rule. */
  | 'no_longer_matches';

/** One step of an episode. Times are event times in epoch ms. */
export interface AlertTransition {
  /** Counts from 1; *pending*, which is told only with the raise, is 0. */
  readonly version: number;
  readonly state: 'pending' | AlertState;
  readonly severity: Severity;
  readonly reason: 'pending' | AlertReason;
  readonly atMs: number;
  /** Of the record that brought it about. */
  readonly offset: number;
  /** Null for expressions over several metrics. */
  readonly value: number | null;
}

/** What a detector saw. */
export interface Evidence {
  readonly detector: string;
  /** 0 to 1. */
  readonly score: number;
  /** The band in which the value was expected; null where the detector has none. */
  readonly low: number | null;
  readonly high: number | null;
}

/** One episode of one rule on one device, as stored and pushed. Times are event times in epoch ms. */
export interface Alert {
  /**
   * `<rule>@<device>@<topic>-<partition>-<offset of the record that raised it>`: a replay raises the same alert. Where several windows end with one record,
   * those after the first have their number before the topic: `<rule>@<device>@1@<topic>-…`.
   */
  readonly id: string;
  readonly rule: string;
  /** Empty for the summary of a flood. */
  readonly device: string;
  /** Empty for expressions over several metrics. */
  readonly metric: string;
  /** Of the level in force; once cleared, of the last one. */
  readonly severity: Severity;
  readonly state: AlertState;
  /** 1 when raised, + 1 with every transition. */
  readonly version: number;
  readonly reason: AlertReason;
  readonly message: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly raisedAtMs: number;
  /** Values are null for expressions over several metrics. */
  readonly raisedValue: number | null;
  readonly raisedOffset: number;
  /** The value furthest beyond the raise level in this episode, as of this version. */
  readonly peakValue: number | null;
  readonly clearedAtMs: number | null;
  readonly clearedValue: number | null;
  readonly clearedOffset: number | null;
  /** Kept from people: its rule was muted at this transition. */
  readonly isMuted: boolean;
  /** Id of the summary that stands for it, when too many of its group were raised at once. */
  readonly flood: string | null;
  readonly evidence: Evidence | null;
  /** The newest last, at most 16. */
  readonly history: readonly AlertTransition[];
}
