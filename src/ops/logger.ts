import pino, { type DestinationStream, type Logger } from 'pino';
import type { LogConfig } from '../config/config.js';

export type { Logger } from 'pino';

/**
 * One JSON line per call, on standard output unless told otherwise. Written synchronously: lines are few, and the last ones
 * before an exit matter most.
 */
export const createLogger = (config: LogConfig, destination?: DestinationStream): Logger =>
  pino(
    {
      level: config.level,
      base: { pid: process.pid },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
