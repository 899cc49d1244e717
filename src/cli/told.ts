import type { Command } from 'commander';
import type { Resolved } from '../config/load.js';
import { exitCode } from './exit.js';
import { err, outJson } from './output.js';

/** Flags that say the same as a key of the configuration. */
const keyFlags = {
  brokers: { path: 'kafka.brokers', form: '--brokers <host:port,…>', about: 'Kafka brokers (kafka.brokers)' },
  topic: { path: 'kafka.consumer.topics', form: '--topic <name,…>', about: 'topics to read (kafka.consumer.topics)' },
  group: { path: 'kafka.consumer.group_id', form: '--group <name>', about: 'consumer group (kafka.consumer.group_id)' },
  rules: { path: 'rules.path', form: '--rules <path>', about: 'file or folder of rules (rules.path)' },
  redis: { path: 'cache.redis.endpoints', form: '--redis <host:port,…>', about: 'Redis (cache.redis.endpoints)' },
  httpPort: { path: 'http.port', form: '--http-port <port>', about: 'port of page, API and push (http.port)' },
  opsPort: {
    path: 'monitoring.prometheus.port',
    form: '--ops-port <port>',
    about: 'port of metrics and probes (monitoring.prometheus.port)',
  },
  logLevel: {
    path: 'log.level',
    form: '--log-level <level>',
    about: 'trace, debug, info, warn, error or silent (log.level)',
  },
} as const;

export type KeyFlag = keyof typeof keyFlags;

export const everyKeyFlag: readonly KeyFlag[] = [
  'brokers',
  'topic',
  'group',
  'redis',
  'rules',
  'httpPort',
  'opsPort',
  'logLevel',
];

/** What commander hands over for the flags below; other options of a command ride along. */
export type ToldOptions = { readonly [F in KeyFlag]?: string } & { readonly config?: string };

/** Adds `--config` and the flags that overrule keys of it; `own` says of a flag what it is to this command. */
export const withConfigFlags = (
  command: Command,
  flags: readonly KeyFlag[],
  own: { readonly [F in KeyFlag]?: { readonly form: string; readonly about: string } } = {},
): Command => {
  command.option('-c, --config <file>', 'YAML file; see docs/config.md (also WEIR_CONFIG)');
  for (const flag of flags) {
    const { form, about } = own[flag] ?? keyFlags[flag];
    command.option(form, about);
  }
  return command;
};

export type Told =
  { readonly isRight: true; readonly resolved: Resolved } | { readonly isRight: false; readonly code: number };

/**
 * Reads the configuration a command was given, and this is the one place where the process environment is looked at. Faults are
 * told here already; a command then only ends with the code.
 */
export const readTold = async (
  options: ToldOptions,
  { json = false }: { readonly json?: boolean } = {},
): Promise<Told> => {
  const [{ loadConfig }, { showFault }] = await Promise.all([
    import('../config/load.js'),
    import('../config/faults.js'),
  ]);
  const file = options.config ?? (process.env['WEIR_CONFIG'] === '' ? undefined : process.env['WEIR_CONFIG']);
  const flags = everyKeyFlag.flatMap((flag) => {
    const text = options[flag];
    const { path, form } = keyFlags[flag];
    return text === undefined ? [] : [{ name: form.replace(/ .*/, ''), path, text }];
  });
  const loaded = loadConfig({ ...(file === undefined ? {} : { file }), env: process.env, flags });
  if (loaded._tag === 'Right') return { isRight: true, resolved: loaded.right };
  const faults = loaded.left;
  if (json) outJson({ faults: faults.map((fault) => ({ message: showFault(fault), ...fault })) });
  else {
    for (const fault of faults) err(`${showFault(fault)}\n`);
    err(`weir: ${faults.length === 1 ? 'one fault' : `${faults.length} faults`} in the configuration\n`);
  }
  const isUsage = faults.every(({ origin }) => origin.from === 'flag');
  return { isRight: false, code: isUsage ? exitCode.usage : exitCode.config };
};

/** Says what is strange about a configuration that holds nevertheless. */
export const tellWarnings = ({ warnings }: Resolved): void => {
  for (const warning of warnings) err(`weir: warning: ${warning}\n`);
};
