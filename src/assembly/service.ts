import type { OwnOperator } from '../../streams/pipeline.js';
import { alertDesk } from '../care/desk.js';
import { toldDesk } from '../care/told-desk.js';
import type { PipelineSettings } from '../../streams/rules/settings.js';
import type { Config } from '../config/config.js';
import type { Report } from '../events.js';
import { openHttp } from '../http/open-http.js';
import { settingsView } from '../http/status.js';
import type { ReaderSettings } from '../results/reader.js';
import { fixedRules, type ReloadCause, type ServiceRules } from '../rules/active.js';
import type { WatchedRules } from '../ops/gauges.js';
import { createHealth, type HealthReport } from '../ops/health.js';
import { createLogger } from '../ops/logger.js';
import { createMeter, type ServiceMeter } from '../ops/meter.js';
import { openOps } from '../ops/ops-server.js';
import { createReport } from '../ops/report.js';
import type { PushPort, SourceStatus } from '../ports.js';
import { runService } from '../service/run.js';
import { type SocketIoPush, socketIoPush } from '../sinks/socketio/socket-io-push.js';
import { alertWebhook } from '../sinks/webhook/alert-webhook.js';
import { withWebhook } from '../sinks/webhook/with-webhook.js';
import { version } from '../version.js';
import type { Backing } from './backing.js';
import { Lifecycle } from './lifecycle.js';

/** A whole service in this process: started, stopped, and what can be asked of it meanwhile. */
export interface Service {
  /**
   * Listens, connects, begins to read. Resolves early when it is stopped meanwhile.
   * Errors: rejects with `ServiceError`; everything opened is then closed again.
   */
  start(): Promise<void>;
  /** Readiness off, stop reading, settle, leave the group, close. Resolves when all of it is done, or its deadline is over. */
  stop(why: string): Promise<void>;
  /** Resolves after an orderly stop; rejects with the `ServiceError` that ended the service. Settled when everything is closed. */
  readonly finished: Promise<void>;
  /** `http://127.0.0.1:8080`: API, page and push. */
  readonly url: string;
  /** `http://127.0.0.1:9090`: probes and metrics. */
  readonly opsUrl: string;
  readonly meter: ServiceMeter;
  health(): Promise<HealthReport>;
  status(): SourceStatus;
  /** Takes the rules of the file anew. How it ended is logged, and told by `/api/v1/rules`. Never rejects. */
  reload(cause: ReloadCause): Promise<void>;
}

/** Puts a service together, on rules that never change or on some that may. Nothing is opened before `start`. */
export const assemble = (
  config: Config,
  settings: PipelineSettings | ((report: Report) => ServiceRules),
  backingOf: (report: Report, settings: ReaderSettings) => Backing,
  own?: OwnOperator,
): Service => {
  const logger = createLogger(config.log);
  const meter = createMeter({ version, topics: config.kafka.topics });
  const report = createReport({ logger, metrics: meter });
  const rules = typeof settings === 'function' ? settings(report) : fixedRules(settings);
  const backing = backingOf(report, rules);
  const { source, store, deadLetters, reader, care } = backing;
  const health = createHealth({ source, store, deadLetters, isDraining: () => lifecycle.isStopping });
  const doors = openDoors({ config, rules, backing, health, meter, report });
  const { http, ops } = doors;
  const { alertTopic } = backing;
  const push = pushOf(config, doors.push, http, report);
  const { processing } = config;
  const redis = `Redis at ${config.redis.endpoints.join(', ')}`;
  const kafka = `Kafka at ${config.kafka.brokers.join(', ')}`;
  const run$ = runService({ source, store, deadLetters, alertTopic, push, meter, report, rules, processing, own });
  const lifecycle = new Lifecycle({
    run$,
    report,
    shutdownTimeoutMs: processing.shutdownTimeoutMs,
    // Probes can be asked from the first moment on; records are fed only once somebody reads them.
    opening: [
      { what: 'the address of probes and metrics', open: () => ops.listen() },
      { what: 'the address of page and API', open: () => http.listen() },
      { what: redis, open: () => store.open() },
      { what: `${redis} (rules)`, open: () => rules.open() },
      { what: `${kafka} (dead letters)`, open: () => deadLetters.open() },
      { what: `${kafka} (alerts)`, open: async () => alertTopic?.open() },
    ],
    reading: { what: `${kafka} (joining the group)`, open: () => source.start() },
    feed: backing.feed,
    drain: () => source.drain(),
    // In the order of the path: who brings records goes first, who is asked about it goes last.
    closing: [source, push, http, deadLetters, alertTopic, reader, care, rules, store, ops, meter].map(
      (one) => async () => one?.close(),
    ),
    where: () => `${http.url} (page, API), ${ops.url} (probes, metrics)`,
  });

  return {
    start: () => lifecycle.start(),
    stop: (why) => lifecycle.stop(why),
    finished: lifecycle.finished,
    get url() {
      return http.url;
    },
    get opsUrl() {
      return ops.url;
    },
    meter,
    health: () => health.check(),
    status: () => source.status(),
    async reload(cause) {
      try {
        await rules.reload?.(cause);
      } catch (error) {
        report({ _tag: 'rules_unknown', message: String(error) });
      }
    },
  };
};

/** To clients, and to a webhook if one is configured. */
const pushOf = ({ alerts }: Config, push: PushPort, http: { readonly url: string }, report: Report): PushPort => {
  const { webhookUrl, webhookAuthorization } = alerts;
  if (webhookUrl === null) return push;
  const headers: Record<string, string> = webhookAuthorization === null ? {} : { authorization: webhookAuthorization };
  return withWebhook(push, alertWebhook({ url: webhookUrl, headers, pageUrl: () => http.url, report }));
};

interface DoorParts {
  readonly config: Config;
  readonly rules: ServiceRules;
  readonly backing: Backing;
  readonly health: ReturnType<typeof createHealth>;
  readonly meter: ServiceMeter;
  readonly report: Report;
}

const nobody = { clients: 0, frames: 0, alerts: () => undefined };

/** Everything through which people look in: API, page and push on one server, probes and metrics on another. */
const openDoors = ({ config, rules, backing, health, meter, report }: DoorParts) => {
  const settings = () => settingsView(rules.rules, config.http.framesPerSecond);
  const source = (): SourceStatus => backing.source.status();
  // Status and desk speak of the push, and the push sits on the server by which they are asked.
  const told: { push: Pick<SocketIoPush, 'clients' | 'frames' | 'alerts'> } = { push: nobody };
  const { kind, group, reader, care } = backing;
  const http = openHttp({
    http: config.http,
    reader,
    desk: toldDesk(alertDesk(care, Date.now), (alert) => told.push.alerts([alert])),
    rules,
    report,
    status: { version, kind, group, source, reader, meter, push: () => told.push, health, settings },
  });
  const push = socketIoPush({
    server: http.server,
    framesPerSecond: config.http.framesPerSecond,
    version,
    settings,
    report,
  });
  told.push = push;
  meter.watch({ source, clients: () => push.clients, rules: () => watchedRules(rules) });
  const { runs } = rules;
  const reload = rules.reload?.bind(rules);
  const ops = openOps({ ops: config.ops, health, metrics: meter, ...(reload && { reload: { reload, runs } }) });
  return { http, push, ops };
};

const watchedRules = ({ current, lastReload }: ServiceRules): WatchedRules => ({
  sequence: current.sequence,
  version: current.version,
  isLastReloadGood: lastReload.isGood,
  lastGoodAtMs: lastReload.goodAtMs,
});
