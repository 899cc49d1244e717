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
  /** `clamp` only for claims whose breaches have a nearest value that is right. */
  readonly then: 'reject' | 'flag' | 'clamp';
  /** Whether a flagged reading still counts in windows and detectors. */
  readonly isCounted: boolean;
  readonly claim: CheckClaim;
}

/** What a check claims. Plain functions, made by one of the kinds in `src/rules/claims/`. */
export interface CheckClaim {
  /** For people: `temperature from 0 to 50`. */
  readonly text: string;
  /** What it speaks of, for people: names of metrics, `device.type`. */
  readonly about: readonly string[];
  /** Slots whose newest accepted readings are kept for it, which later records are compared with. */
  readonly keeps: readonly number[];
  /** Readings at which it changes its mind, as far as they are always the same: tests draw theirs around them. */
  readonly edges: readonly { readonly slot: number; readonly value: number }[];
  /** What is wrong with a record; null, and nothing made, when nothing is. Throws where an expression has no answer. */
  readonly breachIn: (asked: CheckAsked) => Breach | null;
}

/** What a check is asked about. One object, written over and over. */
export interface CheckAsked {
  /** Of the record, as earlier checks left them; NaN for absent ones. */
  readonly readings: readonly number[];
  readonly eventTimeMs: number;
  readonly facts: DeviceFacts;
  /** The newest accepted reading of a slot in `keeps`; NaN when there was none. */
  keptOf(slot: number): number;
  /** Its event time; not finite when there was none. */
  keptAtMs(slot: number): number;
  /** What the record says of some metrics, and of those it leaves out what is kept. Null when it says nothing of any, or one was never read. */
  newest(slots: readonly number[]): readonly number[] | null;
}

/** What is wrong: of which metric (−1: of the record as a whole), why, and the nearest value that would be right (NaN: none). */
export interface Breach {
  readonly metric: number;
  readonly message: string;
  readonly nearest: number;
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

/** What a level is asked about. One object, written over and over. */
export interface Asked {
  /** NaN when there is no single value, but an expression over several. */
  readonly value: number;
  readonly readings: readonly number[];
  readonly facts: DeviceFacts;
}

/** Whether a level is raised, or cleared. Plain functions, made by one of the kinds in `src/rules/conditions/`, or in `streams/alerts/claims.ts`. */
export interface Claim {
  /** For people: `> 40`, or an expression as written. */
  readonly text: string;
  /** Slots that it reads beside the value asked about. */
  readonly reads: readonly number[];
  /** Values at which it changes its mind; none of an expression. Messages name the nearest as the level crossed; tests draw readings around them. */
  readonly edges: readonly number[];
  /** Makes nothing, and holds of no NaN. Throws where an expression has no answer. */
  readonly holds: (asked: Asked) => boolean;
}

/** One step of a ladder. Reached when `raise` holds; left when `clear` does. */
export interface AlertLevel {
  readonly severity: Severity;
  readonly raise: Claim;
  readonly clear: Claim;
  /** Values from the first to the second, both included, do not raise it; it is then not asked about them. Absent: it is always asked. */
  readonly calm?: readonly [number, number];
  /** The one of two values that is further from normal: an alert keeps the furthest as its peak. */
  readonly further: (one: number, other: number) => number;
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
  /** The level crossed, of several the nearest; NaN for expressions. */
  readonly level: number;
}
