import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { OpsConfig } from '../config/config.js';
import { HttpFault, answerFault, answerJson } from '../http/answer.js';
import { closableServer, listenOn, urlOf } from '../http/listen.js';
import { onlyReading, target } from '../http/router.js';
import type { HealthCheck } from './health.js';
import { onlyPosting, type Reload, reloading } from './reload-route.js';

export interface OpsOptions {
  readonly ops: OpsConfig;
  readonly health: HealthCheck;
  readonly metrics: { readonly contentType: string; scrape(): Promise<string> };
  /** Takes the rules of the file anew. Left out: nothing is at `/ops/reload`. */
  readonly reload?: Reload;
  /** How somebody chooses another port. Default: `--ops-port or WEIR_MONITORING_PROMETHEUS_PORT`. */
  readonly setting?: string;
  /** How long `close` lets answers under way end. Default 500. */
  readonly closeTimeoutMs?: number;
}

export interface OpsDoor {
  /** `http://127.0.0.1:9090`; empty before `listen`. */
  readonly url: string;
  /** Errors: rejects with `ServiceError` `port_taken` (which port, and how to choose another) or `config_invalid`. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

type Answer = (response: ServerResponse) => Promise<void>;

/** Probes, metrics and what operators do, on a server of their own, so that they answer while the one for people is busy or closed. */
export const openOps = (options: OpsOptions): OpsDoor => {
  const answers = new Map<string, Answer>([
    ['/livez', live],
    ['/readyz', ready(options.health)],
    ['/healthz', healthy(options.health)],
  ]);
  const reload = options.reload && reloading(options.reload);
  if (reload !== undefined) answers.set('/ops/reload', reload);
  if (options.ops.metricsEnabled) answers.set(options.ops.metricsPath, scraped(options.metrics));

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const found = answers.get(target(request).path);
      if (found === undefined) {
        throw new HttpFault(404, 'no_such_path', `nothing is there; known: ${[...answers.keys()].join(', ')}`);
      }
      if (found === reload) onlyPosting(request);
      else onlyReading(request);
      await found(response);
    } catch (cause) {
      answerFault(response, cause instanceof HttpFault ? cause : new HttpFault(500, 'internal', String(cause)));
    }
  };

  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    request.resume();
    void answer(request, response);
  });
  const close = closableServer(server);
  return {
    get url() {
      return urlOf(server);
    },
    async listen() {
      const { host, port } = options.ops;
      const setting = options.setting ?? '--ops-port or WEIR_MONITORING_PROMETHEUS_PORT';
      await listenOn(server, { host, port, what: 'probes and metrics', setting });
    },
    close: () => close(options.closeTimeoutMs ?? 500),
  };
};

const livez = (): object => ({ status: 'live', uptimeMs: Math.round(process.uptime() * 1000) });

/** That this answers at all is the proof: the event loop turns. */
const live: Answer = async (response) => {
  answerJson(response, 200, livez());
  return Promise.resolve();
};

const ready =
  (health: HealthCheck): Answer =>
  async (response) => {
    const report = await health.check();
    answerJson(response, report.status === 'ready' ? 200 : 503, report);
  };

const healthy =
  (health: HealthCheck): Answer =>
  async (response) => {
    const report = await health.check();
    answerJson(response, report.status === 'ready' ? 200 : 503, { ...report, live: livez() });
  };

const scraped =
  (metrics: OpsOptions['metrics']): Answer =>
  async (response) => {
    const text = await metrics.scrape();
    response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
    response.end(text);
  };
