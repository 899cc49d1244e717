import type { Command } from 'commander';
import { whole } from './numbers.js';
import { err } from './output.js';
import { readTold, tellWarnings, type ToldOptions, withConfigFlags } from './told.js';

interface DemoFlags extends ToldOptions {
  readonly devices: number;
  readonly rate: number;
  readonly seed: number;
}

export const demo = async (options: DemoFlags): Promise<number> => {
  const told = await readTold(options);
  if (!told.isRight) return told.code;
  tellWarnings(told.resolved);
  const { config } = told.resolved;
  const { devices, rate, seed } = options;
  const { serve } = await import('../main.js');
  return serve({ kind: 'embedded', config, demo: { devices, ratePerSecond: rate, seed } }, ({ url, opsUrl }) => {
    const metrics = config.ops.metricsEnabled ? `${opsUrl}${config.ops.metricsPath}` : 'off';
    // On standard error: standard output holds the log, one JSON line each.
    err(`
Weir runs: ${devices} simulated devices, ${rate} records a second, everything in this process.

  page     ${url}
  API      ${url}/api/v1/status
  metrics  ${metrics}
  probes   ${opsUrl}/readyz

Ctrl-C stops it.

`);
  });
};

export const describeDemo = (command: Command): Command =>
  withConfigFlags(command, ['rules', 'httpPort', 'opsPort', 'logLevel'])
    .summary('the whole service in one process, fed by simulated devices')
    .description(
      'Runs everything in this process, without Kafka or Redis: a partitioned log fed by a simulator, results in memory, the live page.',
    )
    .option('--devices <count>', 'simulated devices', whole(1, 1_000_000), 400)
    .option('--rate <records>', 'records a second', whole(1, 1_000_000), 800)
    .option('--seed <number>', 'the same seed gives the same devices and readings', whole(0, 4_294_967_295), 1)
    .addHelpText(
      'after',
      `
Examples:
  weir demo
  weir demo --devices 5000 --rate 20000
  weir demo --http-port 0 --ops-port 0     any ports that are free`,
    );
