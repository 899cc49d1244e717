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
  units: { temperature: '°C', humidity: '%', pressure: 'hPa', current: 'A', battery: '%' } as Readonly<
    Record<string, string>
  >,
  maxAheadMs: 300_000,
  maxPastMs: 7 * 86_400_000,
  maxBytes: 65_536,
  maxDepth: 16,
  /** A jump of log time is believed after so many records in a row. */
  jumpRecords: 16,
} as const;

export interface AlertRule {
  readonly id: string;
  readonly metric: string;
  readonly above: boolean;
  readonly raise: number;
  readonly clear: number;
  readonly severity: string;
}

/** What a service may be told. */
export interface Told {
  readonly windowMs: number;
  readonly latenessMs: number;
  readonly dedupeMs: number;
  readonly alerts: readonly AlertRule[];
}

/** What is true of a service that is told nothing. */
export const told: Told = {
  windowMs: 60_000,
  latenessMs: 30_000,
  dedupeMs: 90_000,
  alerts: [
    { id: 'temperature-high', metric: 'temperature', above: true, raise: 40, clear: 38, severity: 'warning' },
    { id: 'temperature-very-high', metric: 'temperature', above: true, raise: 45, clear: 43, severity: 'critical' },
    { id: 'temperature-low', metric: 'temperature', above: false, raise: 5, clear: 6, severity: 'warning' },
    { id: 'humidity-high', metric: 'humidity', above: true, raise: 80, clear: 78, severity: 'warning' },
    { id: 'humidity-very-high', metric: 'humidity', above: true, raise: 90, clear: 88, severity: 'critical' },
    { id: 'humidity-low', metric: 'humidity', above: false, raise: 20, clear: 22, severity: 'warning' },
    { id: 'battery-low', metric: 'battery', above: false, raise: 20, clear: 22, severity: 'warning' },
    { id: 'battery-very-low', metric: 'battery', above: false, raise: 10, clear: 12, severity: 'critical' },
    { id: 'pressure-low', metric: 'pressure', above: false, raise: 900, clear: 905, severity: 'warning' },
    { id: 'pressure-high', metric: 'pressure', above: true, raise: 1100, clear: 1095, severity: 'warning' },
    { id: 'current-high', metric: 'current', above: true, raise: 8, clear: 7.5, severity: 'warning' },
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
