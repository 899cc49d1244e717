import { type AlertRule, type AlignedRule, rules, type Told, type WindowRule } from '../oracle/rules.js';

const window = (id: string, sizeMs: number, everyMs: number): AlignedRule => ({
  _tag: 'aligned',
  id,
  sizeMs,
  everyMs,
  latenessMs: 4_000,
});

/** A rule of one level on a reading, which counts at once. */
const rule = (id: string, metric: string, above: boolean, raise: number, clear: number): AlertRule => ({
  id,
  metric,
  maxOf: null,
  above,
  levels: [{ severity: 'warning', raise, clear }],
  forMs: 0,
  keepForMs: 0,
});

/** Windows of seconds, so that many close within a minute; alert levels where simulated readings are, so that many rise and clear. */
export const told: Told = {
  windows: [
    window('short', 2_000, 2_000),
    window('wide', 4_000, 2_000),
    // A little longer than a device is silent as a rule. Closes before the others do: which records are late is up to them.
    { _tag: 'session', id: 'burst', gapMs: 300, latenessMs: 4_000 },
    { _tag: 'count', id: 'seven', size: 7 },
  ],
  dedupeMs: 6_000,
  alerts: [
    {
      ...rule('warm', 'temperature', true, 23, 22.8),
      levels: [
        { severity: 'warning', raise: 23, clear: 22.8 },
        { severity: 'critical', raise: 27, clear: 26 },
      ],
      keepForMs: 300,
    },
    { ...rule('cool', 'temperature', false, 20, 20.2), forMs: 400 },
    { ...rule('damp', 'humidity', true, 55, 54), forMs: 200, keepForMs: 200 },
    rule('dry', 'humidity', false, 45, 46),
    { ...rule('damp-for-long', 'humidity', true, 52, 51), maxOf: 'wide' },
    rule('low', 'pressure', false, 1_010, 1_011),
    rule('current', 'current', true, 5.5, 5.3),
    rule('battery', 'battery', false, 60, 61),
  ],
};

/** The same as a file of rules: JSON is YAML. */
export const rulesFile = ({ windows, alerts }: Told): string =>
  JSON.stringify({
    version: 1,
    metrics: Object.fromEntries(
      Object.entries(rules.ranges).map(([name, range]) => [name, { unit: rules.units[name] ?? '', range }]),
    ),
    windows: windows.map(windowInFile),
    alerts: alerts.map(alertInFile),
  });

const ms = (value: number): string => `${value}ms`;

const windowInFile = (rule: WindowRule): unknown => ({
  id: rule.id,
  metrics: 'all',
  ...shapeInFile(rule),
  ...(rule._tag !== 'count' && { allowed_lateness: ms(rule.latenessMs) }),
});

const shapeInFile = (rule: WindowRule): object => {
  switch (rule._tag) {
    case 'aligned': {
      const { sizeMs, everyMs } = rule;
      return sizeMs === everyMs ? { tumbling: ms(sizeMs) } : { hopping: { size: ms(sizeMs), every: ms(everyMs) } };
    }
    case 'session':
      return { session: { gap: ms(rule.gapMs) } };
    case 'count':
      return { count: rule.size };
  }
};

const alertInFile = ({ id, metric, maxOf, above, levels, forMs, keepForMs }: AlertRule): unknown => ({
  id,
  on: maxOf === null ? metric : { window: maxOf, metric, statistic: 'max' },
  levels: levels.map(({ severity, ...crossed }) => ({ severity, [above ? 'above' : 'below']: crossed })),
  for: ms(forMs),
  keep_for: ms(keepForMs),
});

export interface Kept {
  readonly keepWindows: number;
  readonly keepAlerts: number;
}

/** Few enough that the oldest go while the test runs. */
export const kept: Kept = { keepWindows: 8, keepAlerts: 100 };

export interface Place {
  readonly brokers: string;
  readonly redis: string;
  readonly topic: string;
  readonly group: string;
  readonly sessionTimeoutMs: number;
  readonly kept: Kept;
  /** The file of rules. */
  readonly rules: string;
}

/** What a service is told. */
export const serviceEnv = ({
  brokers,
  redis,
  topic,
  group,
  sessionTimeoutMs,
  kept,
  rules: file,
}: Place): Record<string, string> => ({
  WEIR_KAFKA_BROKERS: brokers,
  WEIR_CACHE_REDIS_ENDPOINTS: redis,
  WEIR_KAFKA_CONSUMER_TOPICS: topic,
  WEIR_KAFKA_CONSUMER_GROUP_ID: group,
  WEIR_KAFKA_CONSUMER_SESSION_TIMEOUT: `${sessionTimeoutMs}ms`,
  WEIR_KAFKA_CONSUMER_HEARTBEAT_INTERVAL: '500ms',
  WEIR_KAFKA_CONSUMER_REBALANCE_TIMEOUT: `${sessionTimeoutMs + 2_000}ms`,
  WEIR_MONITORING_PROMETHEUS_PORT: '0',
  WEIR_DEDUPE_WINDOW: ms(told.dedupeMs),
  WEIR_CACHE_REDIS_KEEP_WINDOWS: String(kept.keepWindows),
  WEIR_CACHE_REDIS_KEEP_ALERTS: String(kept.keepAlerts),
  WEIR_RULES_PATH: file,
});
