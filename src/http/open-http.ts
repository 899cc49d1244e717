import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AlertDesk } from '../care/desk.js';
import type { HttpConfig } from '../config/config.js';
import type { Report } from '../events.js';
import type { ResultReader } from '../ports.js';
import { ServiceError } from '../service-error.js';
import { HttpFault, answerFault, answerJson } from './answer.js';
import { apiRoutes } from './api.js';
import { careRoutes } from './care-routes.js';
import { closableServer, listenOn, urlOf } from './listen.js';
import { pageFiles } from './page-files.js';
import { onlyReading, routed, target } from './router.js';
import { rulesRoutes, type RulesToShow } from './rules-routes.js';
import { statusOf, type StatusParts } from './status.js';

export interface HttpOptions {
  readonly http: Pick<HttpConfig, 'host' | 'port'>;
  readonly reader: ResultReader;
  readonly desk: AlertDesk;
  /** Left out: nothing is at `/api/v1/rules`. */
  readonly rules?: RulesToShow;
  readonly status: StatusParts;
  readonly report: Report;
  /** How somebody chooses another port. Default: `--http-port or WEIR_HTTP_PORT`. */
  readonly setting?: string;
  /** A store that has not answered by then is answered for: 503. Default 5000. */
  readonly answerTimeoutMs?: number;
  /** How long `close` lets answers under way end. Default 1000. */
  readonly closeTimeoutMs?: number;
}

export interface HttpDoor {
  /** For whoever else serves from it; must attach before `listen`. */
  readonly server: Server;
  /** `http://127.0.0.1:8080`; empty before `listen`. */
  readonly url: string;
  /** Errors: rejects with `ServiceError` `port_taken` (which port, and how to choose another) or `config_invalid`. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

/** API and page on one server. */
export const openHttp = (options: HttpOptions): HttpDoor => {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, listener(options));
  const close = closableServer(server);
  let url = '';

  return {
    server,
    get url() {
      return url || urlOf(server);
    },
    async listen() {
      const { host, port } = options.http;
      const setting = options.setting ?? '--http-port or WEIR_HTTP_PORT';
      url = await listenOn(server, { host, port, what: 'the API and the page', setting });
    },
    close: () => close(options.closeTimeoutMs ?? 1000),
  };
};

const listener = (options: HttpOptions): ((request: IncomingMessage, response: ServerResponse) => void) => {
  const metrics = (): readonly string[] => options.status.settings().metrics.map(({ name }) => name);
  const rules = options.rules && rulesRoutes(options.rules);
  const api = routed({
    reading: { ...apiRoutes(options.reader, statusOf(options.status), metrics), ...rules },
    doing: careRoutes(options.desk, () => Date.now()),
  });
  const files = pageFiles();
  const timeoutMs = options.answerTimeoutMs ?? 5000;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      if (target(request).path.startsWith('/api/')) {
        answerJson(response, 200, await inTime(api(request), timeoutMs));
      } else {
        onlyReading(request);
        files(request, response);
      }
    } catch (cause) {
      answerFault(response, faultOf(cause, options.report));
    }
  };

  return (request, response) => {
    // What nobody reads of a body is thrown away, so that the connection can be used again.
    void answer(request, response).finally(() => request.resume());
  };
};

const inTime = async <A>(work: Promise<A>, timeoutMs: number): Promise<A> => {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable(`the store has not answered within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, overdue]);
  } finally {
    clearTimeout(timer);
  }
};

const unavailable = (message: string, code = 'store_unavailable'): HttpFault =>
  new HttpFault(503, code, `${message}; try again`, { 'retry-after': '1' });

/** What the store says about itself is said; anything else is a fault of this service, and its details are for the log. */
const faultOf = (cause: unknown, report: Report): HttpFault => {
  if (cause instanceof HttpFault) return cause;
  if (cause instanceof ServiceError) return unavailable(cause.message, cause.code);
  report({ _tag: 'fault', code: 'internal', message: `an API request failed: ${String(cause)}` });
  return new HttpFault(500, 'internal', 'the request failed inside the service; its log says why');
};
