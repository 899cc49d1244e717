import type { Command } from 'commander';
import { exitCode } from './exit.js';
import { err, out } from './output.js';

export const init = async (folder = '.'): Promise<number> => {
  const { writeStarterFolder } = await import('../init/starter-folder.js');
  const done = attempted(() => writeStarterFolder(folder));
  if (done instanceof Error) {
    err(`weir: ${folder} can't be written: ${done.message}; name a folder that can be made\n`);
    return exitCode.fault;
  }
  if ('inTheWay' in done) {
    err(`weir: ${folder} has ${done.inTheWay.join(', ')} already: nothing was written; name another folder\n`);
    return exitCode.fault;
  }
  out(done.written.map((name) => `  ${name}\n`).join(''));
  out(`
Next:
${folder === '.' ? '' : `  cd ${folder}\n`}  weir check rules                          are the rules right?
  weir test rules                           do they decide as their cases say?
  weir explain rules                        what will run, and what it remembers
  weir check --config weir.yaml             are Kafka and Redis there?
  weir run --config weir.yaml               the service; page on http://127.0.0.1:8080
`);
  return exitCode.ok;
};

const attempted = <A>(work: () => A): A | Error => {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error;
    throw error;
  }
};

export const describeInit = (command: Command): Command =>
  command
    .argument('[folder]', 'where; it is made when it is not there (default: this folder)')
    .summary('a folder to begin with: rules, cases, configuration')
    .description(
      'Writes rules with cases beside them, a configuration, and the schemas that editors complete with. Overwrites nothing: when one of the files is there, none is written.',
    )
    .addHelpText(
      'after',
      `
Examples:
  weir init plant
  cd plant && weir test`,
    );
