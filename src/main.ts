import type { OwnOperator } from '../streams/pipeline.js';
import type { DemoOptions } from './assembly/embedded.js';
import { assemble, type Service } from './assembly/service.js';
import type { Config } from './config/config.js';
import { exitCodeOf } from './exit-code.js';
import { RuleFile } from './rules/rule-file.js';
import { ServiceError } from './service-error.js';

/** What to serve: real parts, or everything inside this process; with the user's operators, if there are any. */
export type Serving = { readonly config: Config; readonly own?: OwnOperator | undefined } & (
  { readonly kind: 'real' } | { readonly kind: 'embedded'; readonly demo?: DemoOptions | undefined }
);

/** Time after the deadline of the orderly stop in which connections may still be closed. */
const closingMs = 5_000;
/** What still holds up the process that long after the end is something that was never opened completely. */
const lingerMs = 1_000;

/** Puts the service together as it was asked for; drivers that are not needed are not loaded. Errors: rejects with `ServiceError` when the rules are at fault. */
export const open = async (serving: Serving): Promise<Service> => {
  const { pipeline: door, redis, rules } = serving.config;
  const file = new RuleFile(rules.path, { kept: { windows: redis.keepWindows, maxPastMs: door.time.maxPastMs } });
  if (serving.kind === 'embedded') {
    const { demoConfig, embeddedBacking, embeddedRules } = await import('./assembly/embedded.js');
    const config = demoConfig(serving.config);
    const rulesOf = embeddedRules(file, door);
    return assemble(config, rulesOf, (report, settings) => embeddedBacking(config, settings, serving.demo, report), serving.own); // prettier-ignore
  }
  const { realBacking, realRules } = await import('./assembly/real.js');
  const { config } = serving;
  return assemble(
    config,
    realRules(file, config),
    (report, settings) => realBacking(config, settings, report),
    serving.own,
  );
};

/**
 * Runs the service until a signal or a fault ends it. The first SIGTERM or SIGINT stops it in order, a second one at once. SIGHUP takes the rules
 * anew, except in a terminal: there it says that the terminal is gone.
 * Resolves with the exit code: 0 after an orderly stop, 78 when configuration or rules are wrong, 1 after any other fault (told on standard error).
 */
export const serve = async (
  serving: Serving,
  onStarted: (service: Service) => void = () => undefined,
): Promise<number> => {
  const service = await open(serving);
  const deadlineMs = serving.config.processing.shutdownTimeoutMs + closingMs;
  const stopping = new AbortController();
  let code: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping.signal.aborted) process.exit(code ?? 1);
    stopping.abort();
    setTimeout(() => process.exit(1), deadlineMs).unref();
    void service.stop(signal);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  if (!process.stdin.isTTY) process.on('SIGHUP', () => void service.reload('signal'));
  try {
    await service.start();
    if (!stopping.signal.aborted) onStarted(service);
    await service.finished;
    return leave((code = 0));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    process.stderr.write(`weir: ${error.message}\n`);
    return leave((code = exitCodeOf(error)));
  }
};

const leave = (code: number): number => {
  setTimeout(() => process.exit(code), lingerMs).unref();
  return code;
};
