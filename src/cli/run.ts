import type { Command } from 'commander';
import { everyKeyFlag, readTold, tellWarnings, type ToldOptions, withConfigFlags } from './told.js';

export const run = async (options: ToldOptions): Promise<number> => {
  const told = await readTold(options);
  if (!told.isRight) return told.code;
  tellWarnings(told.resolved);
  const { serve } = await import('../main.js');
  return serve({ kind: 'real', config: told.resolved.config });
};

export const describeRun = (command: Command): Command =>
  withConfigFlags(command, everyKeyFlag)
    .summary('run the service on Kafka and Redis')
    .description(
      'Runs the service: reads the topics, stores results in Redis, pushes them live. SIGTERM or Ctrl-C stops it in order, a second one at once.',
    )
    .addHelpText(
      'after',
      `
Examples:
  weir run --config weir.yaml
  weir run --brokers 10.0.0.5:9092 --redis 10.0.0.6:6379 --topic device-data
  KAFKA_BROKERS=kafka:9092 REDIS_ENDPOINT=redis:6379 weir run`,
    );
