import type { Severity } from '../model/alert.js';
import type { Profile } from '../model/device.js';
import type { MetricSetting } from '../model/settings.js';
import type { Detector, Tuned } from '../detectors/detector.js';
import type { Statistic } from '../statistics/statistic.js';
import type { Span } from '../windows/kinds/kind.js';

/**
 * What the pipeline decides by: the rules file, compiled outside of `streams/` to plain data and plain functions. Durations in milliseconds, values in
 * canonical units, metrics by slot (their index in `metrics`).
 */
export interface Rules {
  /** Of the content, not of its layout or comments: equal rules have equal versions. 12 hex digits. */
  readonly version: string;
  /** Measured metrics first, then derived ones. */
  readonly metrics: readonly MetricRule[];
  readonly derive: readonly DeriveRule[];
  readonly windows: readonly WindowRule[];
  readonly detect: readonly DetectRule[];
  readonly alerts: readonly AlertRule[];
  /** The rules as they apply to a device. The same facts give the same object; there are as many plans as combinations of groups. */
  readonly planOf: (facts: DeviceFacts) => Plan;
}

export interface DeviceFacts {
  readonly id: string;
  readonly profile: Profile;
}

/** The rules of one kind of device: those that match it, with its overrides put in. In the order of the file. */
export interface Plan {
  readonly tags: readonly string[];
  /** How often such a device should report; null when nobody said. */
  readonly reportEveryMs: number | null;
  /** By slot; null when nothing is calibrated. value = read · scale + offset, after conversion to the canonical unit. */
  readonly calibration: { readonly scale: readonly number[]; readonly offset: readonly number[] } | null;
  readonly checks: readonly CheckRule[];
  readonly derive: readonly DeriveRule[];
  readonly windows: readonly WindowRule[];
  readonly detect: readonly DetectRule[];
  readonly alerts: readonly AlertRule[];
}

export interface MetricRule extends MetricSetting {
  /** Digits behind the point in messages and on the page; null: as many as there are. */
  readonly decimals: number | null;
  /** What becomes of a reading whose unit is not stated. */
  readonly missingUnit: 'assume' | 'reject';
  /** What becomes of a reading in a unit that is not accepted. */
  readonly unknownUnit: 'assume' | 'reject';
  /** Conversion to the canonical unit; null for a unit that is not accepted. Asked once per unit text, on the slow path. */
  readonly conversionFrom: (unit: string) => ((value: number) => number) | null;
  readonly isDerived: boolean;
}

/**
 * An expression, compiled. Only asked when all it reads is there. Throws where there is no answer (a division by zero, a result that is no finite
 * number), with a message that names the rule.
 */
export interface Expression<A> {
  /** As written. */
  readonly text: string;
  /** Slots of the metrics it reads. */
  readonly reads: readonly number[];
  readonly evaluate: (readings: readonly number[], facts: DeviceFacts) => A;
}

/** A field of the profile: `type`, `status`, `building`, `serial_number`, … as rules name them. */
export type ProfileField = (profile: Profile) => string | number | null;

/** A claim about a reading or a record, and what becomes of one that breaks it. */
export interface CheckRule {
  readonly id: string;
  readonly index: number;
  /** `clamp` only for ranges and steps. */
  readonly then: 'reject' | 'flag' | 'clamp';
  /** Whether a flagged reading still counts in windows and detectors. */
  readonly isCounted: boolean;
  readonly claim:
    | { readonly _tag: 'required'; readonly metrics: readonly number[] }
    | { readonly _tag: 'range'; readonly metric: number; readonly min: number; readonly max: number }
    | { readonly _tag: 'step'; readonly metric: number; readonly perSecond: number }
    | {
        readonly _tag: 'one_of';
        readonly field: ProfileField;
        readonly name: string;
        readonly values: ReadonlySet<string | number>;
      }
    | {
        readonly _tag: 'pattern';
        readonly field: ProfileField;
        readonly name: string;
        readonly matches: (text: string) => boolean;
      }
    | { readonly _tag: 'holds'; readonly expression: Expression<boolean> };
}

/** A metric that is computed. Its reading is absent when what it needs is. */
export interface DeriveRule {
  readonly id: string;
  readonly index: number;
  /** Its own slot. */
  readonly slot: number;
  readonly formula:
    | { readonly _tag: 'value'; readonly expression: Expression<number> }
    /** The reading itself when it differs by more than `by` from the last one let through, or that is older than `atMostMs`. */
    | { readonly _tag: 'deadband'; readonly of: number; readonly by: number; readonly atMostMs: number | null }
    /** Difference of a counter from its reading before; `rollover`: the value at which it begins at 0 again. A fall otherwise is a reset. */
    | { readonly _tag: 'delta'; readonly of: number; readonly rollover: number | null }
    /** The same per `perMs`. */
    | { readonly _tag: 'rate'; readonly of: number; readonly rollover: number | null; readonly perMs: number }
    /** Exponentially weighted mean; a reading's weight halves every `halfLifeMs`. */
    | { readonly _tag: 'smooth'; readonly of: number; readonly halfLifeMs: number };
  /** Changes when what it remembers would mean something else. */
  readonly shape: string;
}

export interface WindowRule {
  readonly id: string;
  readonly index: number;
  readonly metrics: readonly number[];
  readonly span: Span;
  /** How long after its end a window is still corrected; 0 for windows that time does not end. */
  readonly allowedLatenessMs: number;
  /** Beyond count, sum, min, max, mean, variance, first and last, which every window has. */
  readonly statistics: readonly Statistic[];
  /** Changes with whatever makes stored windows mean something else: then a new generation begins. */
  readonly shape: string;
}

/** A detector on one metric. A rule of the file over several metrics gives one of these for each: id and metric together name it. */
export interface DetectRule {
  readonly id: string;
  readonly index: number;
  readonly metric: number;
  readonly detector: Detector;
  /** The same with the rule's settings worked in, and, where a group says how often its devices report, with that. */
  readonly tuned: Tuned;
  /** A score from here on is a finding. */
  readonly threshold: number;
  readonly shape: string;
}

/** What a level is compared with. */
export type AlertInput =
  | { readonly _tag: 'reading'; readonly metric: number }
  /** A statistic of each window that ends, is corrected or closes. */
  | { readonly _tag: 'window'; readonly rule: string; readonly metric: number; readonly statistic: string }
  | { readonly _tag: 'detector'; readonly rule: string; readonly metric: number }
  /** Several metrics of one device, the newest of each: expressions alone. */
  | { readonly _tag: 'device'; readonly metrics: readonly number[] };

/** `above`: value > level; `below`: value < level; `at_most` and `at_least` are their opposites: a level clears as soon as it is reached again. */
export type Claim =
  | { readonly _tag: 'above' | 'below' | 'at_most' | 'at_least'; readonly level: number }
  | { readonly _tag: 'holds'; readonly expression: Expression<boolean> };

/** One step of a ladder. Reached when `raise` holds; left when `clear` does. */
export interface AlertLevel {
  readonly severity: Severity;
  readonly raise: Claim;
  readonly clear: Claim;
}

export interface AlertRule {
  readonly id: string;
  readonly index: number;
  readonly input: AlertInput;
  /** From the mildest to the most severe. */
  readonly levels: readonly AlertLevel[];
  /** So long a level must hold before it is raised; 0: at once. */
  readonly forMs: number;
  /** So long its clearing must hold before it is cleared. */
  readonly keepForMs: number;
  /** m of the last n decisions must hold; null: each decides. At most 52. */
  readonly mOfN: { readonly m: number; readonly n: number } | null;
  /** Whether it may raise at an event time; an episode goes on and clears at any time. */
  readonly isScheduled: (eventTimeMs: number) => boolean;
  /** Whether what it raises is kept from people at an event time: the episode is there, marked muted. */
  readonly isMuted: (eventTimeMs: number) => boolean;
  readonly message: (facts: AlertFacts) => string;
  readonly labels: Readonly<Record<string, string>>;
  /** More than `most` raised per `perMs` of log time among those of one group in one partition become one summary; null: no guard. */
  readonly flood: {
    readonly groupOf: (facts: DeviceFacts) => string;
    readonly most: number;
    readonly perMs: number;
  } | null;
  /** Changes with whatever makes its memory (not its thresholds) mean something else. */
  readonly shape: string;
}

/** What a message can speak of. */
export interface AlertFacts {
  readonly device: DeviceFacts;
  readonly rule: string;
  readonly metric: string;
  readonly unit: string;
  readonly severity: Severity;
  /** NaN for expressions over several metrics. */
  readonly value: number;
  /** The level crossed; NaN for expressions. */
  readonly level: number;
}
