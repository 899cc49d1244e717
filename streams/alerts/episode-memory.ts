import type { Rules } from '../rules/rules.js';
import { type Memory } from '../state/partition-state.js';
import { ruleMemory, type RuleStates } from '../state/rule-memory.js';
import { type Episode, StoredEpisode } from './episode.js';

/** Episodes of a device by rule; those that are simply normal are not there. */
export const episodeMemory = ({ alerts }: Pick<Rules, 'alerts'>): Memory<RuleStates<Episode>> =>
  ruleMemory<Episode>({
    name: 'alert',
    rules: alerts,
    write: (episode, _rule, json) => json.value(episode),
    decode: (stored, _rule, context) => StoredEpisode.validate(stored, context),
  });
