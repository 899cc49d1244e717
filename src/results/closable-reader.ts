import type { ResultReader } from '../ports.js';

/** A reader that holds something open, e.g. a connection. */
export type ClosableReader = ResultReader & { close(): Promise<void> };
