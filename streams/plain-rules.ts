import type { MetricSetting } from './model/settings.js';
import type { Severity } from './model/alert.js';
import { above, below } from './alerts/claims.js';
import { tumbling } from './windows/kinds/tumbling.js';
import { spanCode, spanOf } from './windows/span.js';
import { convert } from './codecs/units.js';
import type { AlertRule, MetricRule, Plan, Rules, WindowRule } from './rules/rules.js';

/** A threshold with raise and clear levels: `above` raises at value > raise and clears at value <= clear; `below` is its mirror. */
export interface PlainAlert {
  readonly id: string;
  readonly metric: string;
  readonly direction: 'above' | 'below';
  readonly raise: number;
  readonly clear: number;
  readonly severity: Severity;
}

/** A tumbling window. */
export interface PlainWindow {
  readonly sizeMs: number;
  readonly allowedLatenessMs: number;
  /** Names of the metrics that are aggregated; null for all. */
  readonly metrics: readonly string[] | null;
}

/** Rules as they can be said in a few words of code: for every device the same. */
export interface PlainRules {
  readonly metrics: readonly MetricSetting[];
  readonly window: PlainWindow;
  readonly alerts: readonly PlainAlert[];
}

/** Id of the one window rule of plain rules. */
export const plainWindow = 'window';

/** Rules made without a file: one tumbling window and plain thresholds. */
export const plainRules = ({ metrics, window, alerts }: PlainRules): Rules => {
  const names = metrics.map(({ name }) => name);
  const span = spanOf(tumbling, { size: window.sizeMs });
  const windows: readonly WindowRule[] = [
    {
      id: plainWindow,
      index: 0,
      metrics: names.flatMap((name, slot) => (window.metrics === null || window.metrics.includes(name) ? [slot] : [])),
      span,
      allowedLatenessMs: window.allowedLatenessMs,
      statistics: [],
      shape: spanCode(span),
    },
  ];
  const known = alerts.filter(({ metric }) => names.includes(metric));
  const rules = known.map((alert, index) => plainAlert(alert, index, names.indexOf(alert.metric), metrics));
  const plan: Plan = {
    tags: [],
    reportEveryMs: null,
    calibration: null,
    checks: [],
    derive: [],
    windows,
    detect: [],
    alerts: rules,
  };
  return {
    version: 'plain',
    metrics: metrics.map(plainMetric),
    derive: [],
    windows,
    detect: [],
    alerts: rules,
    planOf: () => plan,
  };
};

const plainMetric = (metric: MetricSetting): MetricRule => ({
  ...metric,
  decimals: null,
  missingUnit: 'assume',
  unknownUnit: 'reject',
  conversionFrom: (unit) =>
    convert(0, unit, metric.unit) === null ? null : (value) => convert(value, unit, metric.unit) ?? NaN,
  isDerived: false,
});

const plainAlert = (
  { id, direction, raise, clear, severity }: PlainAlert,
  index: number,
  metric: number,
  metrics: readonly MetricSetting[],
): AlertRule => ({
  id,
  index,
  input: { _tag: 'reading', metric },
  levels: [{ severity, ...(direction === 'above' ? above : below)({ raise, clear }) }],
  forMs: 0,
  keepForMs: 0,
  mOfN: null,
  isScheduled: () => true,
  isMuted: () => false,
  message: ({ metric: name, value, level }) => {
    const unit = metrics[metric]?.unit ?? '';
    return `${name} ${withUnit(value, unit)} is ${direction} ${withUnit(level, unit)}`;
  },
  labels: {},
  flood: null,
  shape: `${direction} ${metric}`,
});

const withUnit = (value: number, unit: string): string => `${Number(value.toFixed(2))}${unit === '' ? '' : ` ${unit}`}`;
