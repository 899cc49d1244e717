import { isLeft } from 'fp-ts/lib/Either.js';
import { type PipelineSettings, settingsUnder } from '../../streams/rules/settings.js';
import { defaultConfig } from '../config/defaults.js';
import { showFault } from '../config/faults.js';
import { ServiceError } from '../service-error.js';
import { loadRules, type LoadedRules } from './load.js';

/** The rules at a path, or those that hold when nobody gives any. Errors: throws `ServiceError` `config_invalid` with every fault. */
export const rulesAt = (path: string | null): LoadedRules => {
  const loaded = loadRules(path);
  if (isLeft(loaded)) throw new ServiceError('config_invalid', loaded.left.map(showFault).join('\n'));
  return loaded.right;
};

/** What the pipeline is told when nobody says anything. */
export const defaultSettings = (): PipelineSettings => settingsUnder(rulesAt(null).rules, defaultConfig().pipeline);
