import { isLeft } from 'fp-ts/lib/Either.js';
import { type PipelineSettings, settingsUnder } from '../../streams/rules/settings.js';
import { defaultConfig } from '../config/defaults.js';
import { showFault } from '../config/faults.js';
import { ServiceError } from '../service-error.js';
import type { RuleFault } from './findings.js';
import { loadRules, type LoadedRules } from './load.js';

/** Every fault in one error. */
export const invalidRules = (faults: readonly RuleFault[]): ServiceError =>
  new ServiceError('config_invalid', faults.map(showFault).join('\n'));

/** The rules at a path, or those that hold when nobody gives any. Errors: throws `ServiceError` `config_invalid` with every fault. */
export const rulesAt = (path: string | null): LoadedRules => {
  const loaded = loadRules(path);
  if (isLeft(loaded)) throw invalidRules(loaded.left);
  return loaded.right;
};

/** What the pipeline is told when nobody says anything. */
export const defaultSettings = (): PipelineSettings => settingsUnder(rulesAt(null).rules, defaultConfig().pipeline);
