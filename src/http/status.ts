import type { Tally } from '../../streams/model/chunk.js';
import type { Severity } from '../../streams/model/alert.js';
import type { Rules, WindowRule } from '../../streams/rules/rules.js';
import { formatDuration } from '../config/quantity.js';
import type { EventLoopLag } from '../ops/event-loop.js';
import type { HealthCheck, HealthReport } from '../ops/health.js';
import { lagMs, lagRecords } from '../ops/lag.js';
import type { Rates } from '../ops/sliding-rates.js';
import type { PartitionPhase, PartitionStatus, ResultReader, SourceStatus } from '../ports.js';

/** Where the status is put together from. All but health and totals are known without asking anybody. */
export interface StatusParts {
  readonly version: string;
  /** Where records come from: a Kafka cluster or the embedded log. */
  readonly kind: 'kafka' | 'embedded';
  readonly group: string;
  readonly source: () => SourceStatus;
  readonly reader: Pick<ResultReader, 'totals'>;
  readonly meter: {
    rates(): Rates;
    totals(): Readonly<Record<string, Tally>>;
    eventLoopLag(): EventLoopLag;
  };
  readonly push: () => { readonly clients: number; readonly frames: number };
  readonly health: HealthCheck;
  /** As they are now: rules may change. */
  readonly settings: () => SettingsView;
}

/** What people and pages need to know in order to read the data. */
export interface SettingsView {
  /** Version of the rules. */
  readonly rules: string;
  readonly framesPerSecond: number;
  readonly metrics: readonly MetricView[];
  readonly windows: readonly WindowRuleView[];
  readonly alertRules: readonly AlertRuleView[];
}

export interface MetricView {
  readonly name: string;
  readonly unit: string;
  /** Physical range; null where there is no bound. */
  readonly min: number | null;
  readonly max: number | null;
  readonly isDerived: boolean;
}

export interface SpanView {
  readonly kind: string;
  /** By name, times in ms. */
  readonly settings: Readonly<Record<string, number>>;
  /** For people: `each 1m`. */
  readonly text: string;
  /** Null where that depends on the readings. */
  readonly lengthMs: number | null;
  /** How many windows of the rule a reading is in. */
  readonly overlap: number;
}

export interface WindowRuleView {
  readonly id: string;
  readonly span: SpanView;
  readonly allowedLatenessMs: number;
  readonly metrics: readonly string[];
}

export interface AlertRuleView {
  readonly id: string;
  /** Null for expressions over several metrics. */
  readonly metric: string | null;
  readonly levels: readonly { readonly severity: Severity; readonly raise: string; readonly clear: string }[];
}

export interface StatusView {
  readonly version: string;
  readonly kind: 'kafka' | 'embedded';
  readonly group: string;
  readonly nowMs: number;
  readonly uptimeMs: number;
  readonly status: HealthReport['status'];
  readonly dependencies: HealthReport['dependencies'];
  readonly rates: Rates;
  /** Sum over partitions; null as long as it is unknown of one of them. */
  readonly lag: number | null;
  readonly partitions: readonly PartitionView[];
  /** What became of every record ever settled by anybody, per topic; null while the store does not answer. */
  readonly totals: Readonly<Record<string, AccountedTally>> | null;
  /** … and of those settled by this process. */
  readonly totalsOfProcess: Readonly<Record<string, AccountedTally>>;
  readonly clients: number;
  /** Number of the last device frame pushed. */
  readonly frames: number;
  readonly eventLoopLag: EventLoopLag;
  readonly settings: SettingsView;
}

export interface PartitionView {
  readonly topic: string;
  readonly partition: number;
  readonly phase: PartitionPhase;
  readonly reason: string | null;
  readonly next: number | null;
  readonly settled: number | null;
  readonly highWatermark: number | null;
  readonly lag: number | null;
  readonly lagMs: number | null;
  readonly unsettledBytes: number;
}

/** `addsUp`: read = counted + duplicate + late + dead + skipped. */
export type AccountedTally = Tally & { readonly addsUp: boolean };

/** Errors: never rejects because a dependency is gone; that is then what it says. */
export const statusOf = (parts: StatusParts): (() => Promise<StatusView>) => {
  const startedMs = performance.now();

  return async () => {
    const nowMs = Date.now();
    const [health, totals] = await Promise.all([parts.health.check(), totalsOrNull(parts.reader)]);
    const partitions = parts.source().partitions.map((status) => partitionView(status, nowMs));
    const { clients, frames } = parts.push();
    return {
      version: parts.version,
      kind: parts.kind,
      group: parts.group,
      nowMs,
      uptimeMs: Math.round(performance.now() - startedMs),
      status: health.status,
      dependencies: health.dependencies,
      rates: parts.meter.rates(),
      lag: sumOrNull(partitions.map(({ lag }) => lag)),
      partitions,
      totals: totals === null ? null : accounted(totals),
      totalsOfProcess: accounted(parts.meter.totals()),
      clients,
      frames,
      eventLoopLag: parts.meter.eventLoopLag(),
      settings: parts.settings(),
    };
  };
};

/** The settings that a reader of results needs. */
export const settingsView = ({ version, metrics, windows, alerts }: Rules, framesPerSecond: number): SettingsView => ({
  rules: version,
  framesPerSecond,
  metrics: metrics.map(({ name, unit, min, max, isDerived }) => ({
    name,
    unit,
    min: Number.isFinite(min) ? min : null,
    max: Number.isFinite(max) ? max : null,
    isDerived,
  })),
  windows: windows.map((rule) => ({
    id: rule.id,
    span: spanView(rule.span),
    allowedLatenessMs: rule.allowedLatenessMs,
    metrics: rule.metrics.map((slot) => metrics[slot]?.name ?? ''),
  })),
  alertRules: alerts.map(({ id, input, levels }) => ({
    id,
    metric: input._tag === 'device' ? null : (metrics[input.metric]?.name ?? null),
    levels: levels.map(({ severity, raise, clear }) => ({
      severity,
      raise: raise.text,
      clear: clear.text,
    })),
  })),
});

const spanView = (span: WindowRule['span']): SpanView => ({
  kind: span.kind.name,
  settings: span.settings,
  text: span.kind.wordsOf(span.settings, formatDuration),
  lengthMs: span.lengthMs,
  overlap: span.overlap,
});

const totalsOrNull = async (reader: Pick<ResultReader, 'totals'>): Promise<Readonly<Record<string, Tally>> | null> => {
  try {
    return await reader.totals();
  } catch {
    // The store's health, in the same answer, says why.
    return null;
  }
};

const partitionView = (status: PartitionStatus, nowMs: number): PartitionView => ({
  topic: status.source.topic,
  partition: status.source.partition,
  phase: status.phase,
  reason: status.reason,
  next: status.next,
  settled: status.settled,
  highWatermark: status.highWatermark,
  lag: lagRecords(status),
  lagMs: lagMs(status, nowMs),
  unsettledBytes: status.unsettledBytes,
});

const sumOrNull = (values: readonly (number | null)[]): number | null =>
  values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0);

const accounted = (totals: Readonly<Record<string, Tally>>): Record<string, AccountedTally> =>
  Object.fromEntries(
    Object.entries(totals).map(([topic, tally]) => {
      const { read, counted, duplicate, late, dead, skipped } = tally;
      return [topic, { ...tally, addsUp: read === counted + duplicate + late + dead + skipped }];
    }),
  );
