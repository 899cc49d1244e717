import type { Said } from '../chunks/beside.js';
import type { ToldWindow } from '../model/window.js';
import type { AlertInput } from '../rules/rules.js';

/** What a rule compares of what a window or a detector said; null when it does not listen to that. Of a window it listens to its end alone. */
export const valueFor = (input: AlertInput, { _tag, said }: Said, names: readonly string[]): number | null => {
  if (input._tag !== 'window' && input._tag !== 'detector') return null;
  if (input.rule !== said.rule || names[input.metric] !== said.metric) return null;
  if (input._tag === 'detector') return _tag === 'finding' ? said.score : null;
  return _tag === 'window' && said.isEnd ? statisticOf(said, input.statistic) : null;
};

const statisticOf = (window: ToldWindow, statistic: string): number | null => {
  switch (statistic) {
    case 'count':
    case 'sum':
    case 'min':
    case 'max':
    case 'mean':
    case 'variance':
    case 'first':
    case 'last':
      return window[statistic];
    default:
      return window.more[statistic] ?? null;
  }
};
