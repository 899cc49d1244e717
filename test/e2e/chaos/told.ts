import type { AlertRule, Told } from '../oracle/rules.js';

const rule = (id: string, metric: string, above: boolean, raise: number, clear: number): AlertRule => ({
  id,
  metric,
  above,
  raise,
  clear,
  severity: id.endsWith('far') ? 'critical' : 'warning',
});

/** Windows of seconds, so that many close within a minute; alert levels where simulated readings are, so that many rise and clear. */
export const told: Told = {
  windowMs: 2_000,
  latenessMs: 4_000,
  dedupeMs: 6_000,
  alerts: [
    rule('warm', 'temperature', true, 23, 22.8),
    rule('warm-far', 'temperature', true, 27, 26),
    rule('cool', 'temperature', false, 20, 20.2),
    rule('damp', 'humidity', true, 55, 54),
    rule('dry', 'humidity', false, 45, 46),
    rule('low', 'pressure', false, 1_010, 1_011),
    rule('current', 'current', true, 5.5, 5.3),
    rule('battery', 'battery', false, 60, 61),
  ],
};

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
}

/** The same, as a service is told it. */
export const serviceEnv = ({
  brokers,
  redis,
  topic,
  group,
  sessionTimeoutMs,
  kept,
}: Place): Record<string, string> => ({
  WEIR_KAFKA_BROKERS: brokers,
  WEIR_CACHE_REDIS_ENDPOINTS: redis,
  WEIR_KAFKA_CONSUMER_TOPICS: topic,
  WEIR_KAFKA_CONSUMER_GROUP_ID: group,
  WEIR_KAFKA_CONSUMER_SESSION_TIMEOUT: `${sessionTimeoutMs}ms`,
  WEIR_KAFKA_CONSUMER_HEARTBEAT_INTERVAL: '500ms',
  WEIR_KAFKA_CONSUMER_REBALANCE_TIMEOUT: `${sessionTimeoutMs + 2_000}ms`,
  WEIR_MONITORING_PROMETHEUS_PORT: '0',
  WEIR_WINDOW_SIZE: `${told.windowMs}ms`,
  WEIR_WINDOW_ALLOWED_LATENESS: `${told.latenessMs}ms`,
  WEIR_DEDUPE_WINDOW: `${told.dedupeMs}ms`,
  WEIR_CACHE_REDIS_KEEP_WINDOWS: String(kept.keepWindows),
  WEIR_CACHE_REDIS_KEEP_ALERTS: String(kept.keepAlerts),
  WEIR_ALERTS: JSON.stringify(
    told.alerts.map(({ above, ...others }) => ({ ...others, direction: above ? 'above' : 'below' })),
  ),
});
