import type { Alert } from '../../../streams/model/alert.js';

/** One alert as receivers of Alertmanager's webhook know it. */
export interface WebhookAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly startsAt: string;
  /** `0001-01-01T00:00:00Z` while it is firing, as Alertmanager has it. */
  readonly endsAt: string;
  readonly generatorURL: string;
  /** Our id: the same whenever it is sent. */
  readonly fingerprint: string;
}

/** The body of a notification, version 4 of the format (Prometheus: Alertmanager, configuration, `webhook_config`). */
export interface WebhookBody {
  readonly version: '4';
  readonly groupKey: string;
  readonly truncatedAlerts: number;
  readonly status: 'firing' | 'resolved';
  readonly receiver: string;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly commonAnnotations: Readonly<Record<string, string>>;
  readonly externalURL: string;
  readonly alerts: readonly WebhookAlert[];
}

const notEnded = '0001-01-01T00:00:00Z';

/** `url`: of our page, where people look on. */
export const webhookBody = (alerts: readonly Alert[], url: string): WebhookBody => {
  const shown = alerts.map((alert) => webhookAlert(alert, url));
  return {
    version: '4',
    groupKey: 'weir',
    truncatedAlerts: 0,
    status: shown.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver: 'weir',
    groupLabels: {},
    commonLabels: common(shown.map(({ labels }) => labels)),
    commonAnnotations: common(shown.map(({ annotations }) => annotations)),
    externalURL: url,
    alerts: shown,
  };
};

const webhookAlert = (alert: Alert, url: string): WebhookAlert => ({
  status: alert.state === 'cleared' ? 'resolved' : 'firing',
  labels: {
    ...alert.labels,
    alertname: alert.rule,
    device: alert.device,
    ...(alert.metric !== '' && { metric: alert.metric }),
    severity: alert.severity,
  },
  annotations: {
    summary: alert.message,
    state: alert.state,
    ...(alert.raisedValue !== null && { raised_value: String(alert.raisedValue) }),
    ...(alert.peakValue !== null && { peak_value: String(alert.peakValue) }),
  },
  startsAt: new Date(alert.raisedAtMs).toISOString(),
  endsAt: alert.clearedAtMs === null ? notEnded : new Date(alert.clearedAtMs).toISOString(),
  generatorURL: `${url}/#/devices/${encodeURIComponent(alert.device)}`,
  fingerprint: alert.id,
});

/** What all of them say alike. */
const common = (all: readonly Readonly<Record<string, string>>[]): Readonly<Record<string, string>> => {
  const [first = {}, ...others] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((other) => other[name] === value)),
  );
};
