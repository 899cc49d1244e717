/** What the process says to its caller when it ends. */
export const exitCode = { ok: 0, fault: 1, usage: 2, config: 78 } as const;

export const exitCodesHelp = `
Exit codes:
  0   done; for run and demo: stopped in order
  1   a fault: something could not be reached, or gave up
  2   the command line was not understood
  78  the configuration is wrong; every fault is told with its place`;
