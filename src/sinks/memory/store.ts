import type { PipelineSettings } from '../../../streams/model/settings.js';
import type { StateStore } from '../../ports.js';
import type { ClosableReader } from '../../results/closable-reader.js';
import { ServiceError } from '../../service-error.js';

export interface MemoryStoreOptions {
  /** Closed windows kept per device and metric. */
  readonly keepWindows: number;
  /** Cleared alerts kept per partition. */
  readonly keepAlerts: number;
  readonly settings: Pick<PipelineSettings, 'metrics' | 'window'>;
}

/** State and results in this process: gone with it. Store and reader look at the same memory. */
export const memoryStore = (
  _options: MemoryStoreOptions,
): { readonly store: StateStore; readonly reader: ClosableReader } => {
  throw new ServiceError('internal', 'not there yet');
};
