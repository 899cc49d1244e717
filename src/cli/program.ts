import { Command } from 'commander';
import { version } from '../version.js';
import { describeAlerts } from './alerts.js';
import { check, describeCheck } from './check.js';
import { configKeys, configPrint, describeConfigKeys, describeConfigPrint } from './config.js';
import { demo, describeDemo } from './demo.js';
import { describeDetect, detect } from './detect.js';
import { exitCodesHelp } from './exit.js';
import { describeExplain, explain } from './explain.js';
import { describeInit, init } from './init.js';
import { describeProduce, produce } from './produce.js';
import { describeRun, run } from './run.js';
import { describeSchema, schema } from './schema.js';
import { describeTest, test } from './test.js';
import { describeTry, tryOut } from './try.js';

/** The command line. `ended` is told the exit code of the command that was run; a wrong command line throws commander's error. */
export const createProgram = (ended: (code: number) => void): Command => {
  const action =
    <A extends readonly unknown[]>(work: (...given: A) => Promise<number>) =>
    async (...given: A): Promise<void> => {
      ended(await work(...given));
    };
  const passedOn =
    <A extends unknown[]>(work: (...args: A) => Promise<number>) =>
    async (...args: A): Promise<void> => {
      ended(await work(...args));
    };
  const program = new Command('weir')
    .description('Reactive stream processing for device telemetry on Kafka: results that count once, live.')
    .version(version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'help for a command')
    .configureHelp({ showGlobalOptions: false })
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  weir demo                           everything in one process, no server needed
  weir init plant                     a folder to begin with: rules, cases, configuration
  weir check --config weir.yaml       is everything there?
  weir check rules/                   are these rules right?
  weir test rules/                    do they decide as their cases say?
  weir try rules/ --input data.jsonl  what do they make of recorded data?
  weir run --config weir.yaml         the service
  weir produce --topic device-data    simulated devices onto a real topic
  weir detect recorded.csv            what a detector says of a recorded series
${exitCodesHelp}`,
    );
  const withCodes = (command: Command): Command => command.addHelpText('after', exitCodesHelp);
  withCodes(describeRun(program.command('run'))).action(action(run));
  withCodes(describeDemo(program.command('demo'))).action(action(demo));
  withCodes(describeCheck(program.command('check'))).action(action(check));
  withCodes(describeInit(program.command('init'))).action(passedOn(init));
  withCodes(describeTest(program.command('test'))).action(passedOn(test));
  withCodes(describeTry(program.command('try'))).action(passedOn(tryOut));
  withCodes(describeExplain(program.command('explain'))).action(passedOn(explain));
  withCodes(describeProduce(program.command('produce'))).action(action(produce));
  withCodes(describeDetect(program.command('detect'))).action(
    async (file: string, flags: Parameters<typeof detect>[1]) => ended(await detect(file, flags)),
  );
  describeAlerts(withCodes(program.command('alerts')), passedOn);
  withCodes(describeSchema(program.command('schema'))).action(action(schema));
  const config = withCodes(
    program.command('config').summary('what the service is told').description('What the service is told, and by whom.'),
  );
  withCodes(describeConfigPrint(config.command('print'))).action(action(configPrint));
  withCodes(describeConfigKeys(config.command('keys'))).action(action(configKeys));
  return program;
};
