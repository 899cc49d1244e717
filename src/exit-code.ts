import type { ServiceError } from './service-error.js';

/** What the process says to its caller when it ends. */
export const exitCode = { ok: 0, fault: 1, usage: 2, config: 78 } as const;

/** Of a process that a fault ends: a supervisor must be able to tell what starting again can mend from what it can't. */
export const exitCodeOf = ({ code }: ServiceError): number =>
  code === 'config_invalid' ? exitCode.config : exitCode.fault;
