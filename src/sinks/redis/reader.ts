import type { PipelineSettings } from '../../../streams/model/settings.js';
import type { RedisConfig } from '../../config/config.js';
import type { ClosableReader } from '../../results/closable-reader.js';
import { ServiceError } from '../../service-error.js';

export interface RedisReaderOptions {
  readonly config: RedisConfig;
  readonly group: string;
  readonly settings: Pick<PipelineSettings, 'metrics' | 'window'>;
}

/** Results read from Redis over a connection of its own, which the first question opens. */
export const redisReader = (_options: RedisReaderOptions): ClosableReader => {
  throw new ServiceError('internal', 'not there yet');
};
