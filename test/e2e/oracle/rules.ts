/**
 * The rules of the service, written down a second time for the oracle. Nothing under `test/e2e/oracle` imports anything of
 * `streams/` or `src/`: two implementations that share code share faults.
 */
export const rules = {
  /** In the order in which faults are looked for; values in the metric's own unit. */
  ranges: {
    temperature: [-50, 150],
    humidity: [0, 100],
    pressure: [300, 1200],
    current: [0, 100],
    switch: [0, 1],
    battery: [0, 100],
    signal: [-120, 0],
  } as Readonly<Record<string, readonly [min: number, max: number]>>,
  units: {
    temperature: '°C',
    humidity: '%',
    pressure: 'hPa',
    current: 'A',
    battery: '%',
    signal: 'dBm',
  } as Readonly<Record<string, string>>,
  maxAheadMs: 300_000,
  maxPastMs: 7 * 86_400_000,
  maxBytes: 65_536,
  maxDepth: 16,
  /** A jump of log time is believed after so many records in a row. */
  jumpRecords: 16,
  /** So many steps of an alert are kept with it. */
  keptSteps: 16,
} as const;

/** Windows of one size, aligned to the epoch, one of which begins every `everyMs`. */
export interface AlignedRule {
  readonly _tag: 'aligned';
  readonly id: string;
  readonly sizeMs: number;
  readonly everyMs: number;
  readonly latenessMs: number;
}

/** Readings of a metric each of which is less than a gap behind the one before it in time. */
export interface SessionRule {
  readonly _tag: 'session';
  readonly id: string;
  readonly gapMs: number;
  readonly latenessMs: number;
}

/** So many readings of a metric in the order of the log. Time closes none. */
export interface CountRule {
  readonly _tag: 'count';
  readonly id: string;
  readonly size: number;
}

export type TimedRule = AlignedRule | SessionRule;
export type WindowRule = TimedRule | CountRule;

export interface AlertRule {
  readonly id: string;
  readonly metric: string;
  /** The windows whose greatest value is compared; null for the reading itself. */
  readonly maxOf: string | null;
  readonly above: boolean;
  /** From the mildest to the worst. */
  readonly levels: readonly { readonly severity: string; readonly raise: number; readonly clear: number }[];
  readonly forMs: number;
  readonly keepForMs: number;
}

/** What a service may be told. */
export interface Told {
  readonly windows: readonly WindowRule[];
  readonly dedupeMs: number;
  readonly alerts: readonly AlertRule[];
}

/** A rule of one level on a reading, which counts at once. */
const threshold = (
  id: string,
  side: 'above' | 'below',
  raise: number,
  clear: number,
  severity = 'warning',
): AlertRule => ({
  id,
  metric: id.slice(0, id.indexOf('-')),
  maxOf: null,
  above: side === 'above',
  levels: [{ severity, raise, clear }],
  forMs: 0,
  keepForMs: 0,
});

/** What is true of a service that is told nothing: packs/starter.rules.yaml. */
export const told: Told = {
  windows: [{ _tag: 'aligned', id: 'minute', sizeMs: 60_000, everyMs: 60_000, latenessMs: 30_000 }],
  dedupeMs: 90_000,
  alerts: [
    threshold('temperature-high', 'above', 40, 38),
    threshold('temperature-very-high', 'above', 45, 43, 'critical'),
    threshold('temperature-low', 'below', 5, 6),
    threshold('humidity-high', 'above', 80, 78),
    threshold('humidity-very-high', 'above', 90, 88, 'critical'),
    threshold('humidity-low', 'below', 20, 22),
    threshold('battery-low', 'below', 20, 22),
    threshold('battery-very-low', 'below', 10, 12, 'critical'),
    threshold('pressure-low', 'below', 900, 905),
    threshold('pressure-high', 'above', 1100, 1095),
    threshold('current-high', 'above', 8, 7.5),
  ],
};

/** A record of the log as the oracle reads it. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  readonly value: Buffer | null;
}
