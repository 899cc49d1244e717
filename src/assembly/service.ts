import { lastValueFrom } from 'rxjs';
import type { Config } from '../config/config.js';
import type { Report } from '../events.js';
import { openHttp } from '../http/open-http.js';
import { settingsView } from '../http/status.js';
import { createHealth, type HealthReport } from '../ops/health.js';
import { createLogger } from '../ops/logger.js';
import { createMeter, type ServiceMeter } from '../ops/meter.js';
import { openOps } from '../ops/ops-server.js';
import { createReport } from '../ops/report.js';
import type { SourceStatus } from '../ports.js';
import type { ServiceParts } from '../service/parts.js';
import { asServiceError, runService } from '../service/run.js';
import { ServiceError } from '../service-error.js';
import { socketIoPush } from '../sinks/socketio/socket-io-push.js';
import { version } from '../version.js';
import type { Backing } from './backing.js';

/** A whole service in this process: started, stopped, and what can be asked of it meanwhile. */
export interface Service {
  /** Listens, connects, begins to read. Errors: rejects with `ServiceError`; everything opened is then closed again. */
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
}

/** Puts a service together. Nothing is opened before `start`. */
export const assemble = (config: Config, backingOf: (report: Report) => Backing): Service => {
  const logger = createLogger(config.log);
  const meter = createMeter({ version, topics: config.kafka.topics });
  const report = createReport({ logger, metrics: meter });
  const backing = backingOf(report);
  const feeding = new AbortController();
  let isDraining = false;
  const health = createHealth({ ...backing, isDraining: () => isDraining });
  const settings = settingsView(config.pipeline, config.http.framesPerSecond);
  const push = {
    current: { clients: 0, frames: 0 },
  };
  const http = openHttp({
    http: config.http,
    reader: backing.reader,
    report,
    status: {
      version,
      kind: backing.kind,
      group: backing.group,
      source: () => backing.source.status(),
      reader: backing.reader,
      meter,
      push: () => push.current,
      health,
      settings,
    },
  });
  const sockets = socketIoPush({
    server: http.server,
    framesPerSecond: config.http.framesPerSecond,
    version,
    settings,
    report,
  });
  push.current = sockets;
  meter.watch({ source: () => backing.source.status(), clients: () => sockets.clients });
  const ops = openOps({ ops: config.ops, health, metrics: meter });
  const parts: ServiceParts = {
    ...backing,
    push: sockets,
    meter,
    report,
    settings: config.pipeline,
    processing: config.processing,
  };

  const closeAll = async (): Promise<void> => {
    isDraining = true;
    feeding.abort();
    // In the order of the path: who brings records goes first, who is asked about it goes last.
    for (const close of [
      () => backing.source.close(),
      () => sockets.close(),
      () => http.close(),
      () => backing.deadLetters.close(),
      () => backing.reader.close(),
      () => backing.store.close(),
      () => ops.close(),
    ]) {
      await close().catch((error: unknown) => {
        report({ _tag: 'fault', code: 'internal', message: `while closing: ${asServiceError(error).message}` });
      });
    }
    meter.close();
  };

  let running: Promise<void> = Promise.resolve();
  let finish: (error: ServiceError | null) => void = () => undefined;
  const finished = new Promise<void>((resolve, reject) => {
    finish = (error) => {
      if (error === null) resolve();
      else reject(error);
    };
  });
  finished.catch(() => undefined);
  let closing: Promise<void> | null = null;
  const end = (error: ServiceError | null): Promise<void> =>
    (closing ??= closeAll().then(() => {
      finish(error);
    }));
  const failed = (error: unknown): Promise<void> => {
    const fault = asServiceError(error);
    report({ _tag: 'fault', code: fault.code, message: fault.message });
    return end(fault);
  };

  const start = async (): Promise<void> => {
    try {
      await ops.listen();
      await http.listen();
      await backing.store.open();
      await backing.deadLetters.open();
      running = lastValueFrom(runService(parts), { defaultValue: undefined });
      running.catch(failed);
      await backing.source.start();
      backing.feed?.(feeding.signal).catch(failed);
      report({ _tag: 'started', detail: `${http.url} (page, API), ${ops.url} (probes, metrics)` });
    } catch (error) {
      await failed(error);
      throw asServiceError(error);
    }
  };

  const stop = async (why: string): Promise<void> => {
    if (closing !== null) return closing;
    const startedAt = performance.now();
    isDraining = true;
    report({ _tag: 'stopping', why });
    feeding.abort();
    backing.source.drain();
    await within(config.processing.shutdownTimeoutMs, running).catch((error: unknown) => {
      report({
        _tag: 'fault',
        code: 'settle_overdue',
        message: `stopped before everything read was settled: ${asServiceError(error).message}`,
      });
    });
    await end(null);
    report({ _tag: 'stopped', afterMs: Math.round(performance.now() - startedAt) });
  };

  return {
    start,
    stop,
    finished,
    get url() {
      return http.url;
    },
    get opsUrl() {
      return ops.url;
    },
    meter,
    health: () => health.check(),
    status: () => backing.source.status(),
  };
};

/** Errors: rejects with `ServiceError` `settle_overdue` when the time is over. What was not settled is read again by the next owner. */
const within = async (timeoutMs: number, work: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new ServiceError('settle_overdue', `not done within ${timeoutMs} ms (shutdown_timeout)`));
    }, timeoutMs);
  });
  try {
    await Promise.race([work, overdue]);
  } finally {
    clearTimeout(timer);
  }
};
