export { exitCode } from '../exit-code.js';

export const exitCodesHelp = `
Exit codes:
  0   done; for run and demo: stopped in order
  1   a fault: something could not be reached, or gave up
  2   the command line was not understood
  78  the configuration is wrong; every fault is told with its place`;
