import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import type { Finding } from '../ports.js';
import { exitCode } from './exit.js';
import { columns, out, outJson } from './output.js';
import { everyKeyFlag, readTold, type ToldOptions, withConfigFlags } from './told.js';

interface CheckFlags extends ToldOptions {
  readonly json?: boolean;
}

type Probe = (config: Config) => Promise<readonly Finding[]>;

const probes: readonly (readonly [what: string, probe: Probe])[] = [
  ['kafka', async ({ kafka }) => (await import('../sources/kafka/probe.js')).probeKafka(kafka)],
  ['redis', async ({ redis }) => (await import('../sinks/redis/probe.js')).probeRedis(redis)],
];

/** The rules that the service would decide by, as far as its file says. */
const lookAtRules = async ({ rules: { path }, redis, pipeline }: Config): Promise<readonly Finding[]> => {
  const [{ loadRules }, { faultLine }] = await Promise.all([import('../rules/load.js'), import('./rule-faults.js')]);
  const loaded = loadRules(path, { kept: { windows: redis.keepWindows, maxPastMs: pipeline.time.maxPastMs } });
  const finding = (verdict: Finding['verdict'], detail: string): Finding => ({ what: 'rules', verdict, detail });
  if (loaded._tag === 'Left') return loaded.left.map((fault) => finding('fault', faultLine(fault)));
  const { version, warnings } = loaded.right;
  return [
    finding('ok', `${path ?? 'the starter pack'} (${version})`),
    ...warnings.map((warning) => finding('warning', faultLine(warning))),
  ];
};

/** A probe tells what it found; one that fails itself has found a fault. */
const looked = async ([what, probe]: (typeof probes)[number], config: Config): Promise<readonly Finding[]> => {
  try {
    return await probe(config);
  } catch (error) {
    return [{ what, verdict: 'fault', detail: error instanceof Error ? error.message : String(error) }];
  }
};

export const check = async (file: string | undefined, options: CheckFlags): Promise<number> => {
  const json = options.json === true;
  if (file !== undefined) return (await import('./check-rules.js')).checkRules(file, options, json);
  const told = await readTold(options, { json });
  if (!told.isRight) return told.code;
  const { config, warnings } = told.resolved;
  const configured: readonly Finding[] =
    warnings.length === 0
      ? [{ what: 'configuration', verdict: 'ok', detail: options.config ?? 'defaults, environment and flags' }]
      : warnings.map((detail) => ({ what: 'configuration', verdict: 'warning', detail }));
  const [rules, ...found] = await Promise.all([lookAtRules(config), ...probes.map((probe) => looked(probe, config))]);
  const findings = [...configured, ...rules, ...found.flat()];
  const isSound = findings.every(({ verdict }) => verdict !== 'fault');
  if (json) outJson({ isSound, findings });
  else out(columns(findings.map(({ what, verdict, detail }) => [verdict, what, detail])));
  if (rules.some(({ verdict }) => verdict === 'fault')) return exitCode.config;
  return isSound ? exitCode.ok : exitCode.fault;
};

export const describeCheck = (command: Command): Command =>
  withConfigFlags(command, everyKeyFlag)
    .argument('[file]', 'rules to look at instead, offline: a file, or a folder of *.rules.yaml')
    .summary('look at the configuration, its rules, Kafka and Redis, or at a file of rules; change nothing')
    .description(
      'Reads the configuration and the rules that it names, then asks Kafka and Redis whether the service could run on them. With a file of rules: says everything that is wrong or strange in it, and asks nobody. Changes nothing anywhere.',
    )
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      `
Examples:
  weir check --config weir.yaml
  weir check rules/                          rules alone
  weir check --config weir.yaml --json | jq '.findings[] | select(.verdict != "ok")'

Ends with 0 when nothing is at fault; warnings are no faults. Faulty rules end with 78.`,
    );
