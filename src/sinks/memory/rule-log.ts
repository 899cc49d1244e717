import { keptRules, type RuleEntry, type RuleLog } from '../../rules/rule-log.js';

/** In this process: gone with it. */
export const memoryRuleLog = (): RuleLog => {
  let entries: readonly RuleEntry[] = [];
  return {
    active: () => Promise.resolve(entries[0] ?? null),
    newest: () => Promise.resolve(entries[0] ?? null),
    activate: ({ version, text }) => {
      const newest = entries[0];
      if (newest?.version === version) return Promise.resolve(newest);
      const entry = { sequence: (newest?.sequence ?? 0) + 1, version, text, activatedAtMs: Date.now() };
      entries = [entry, ...entries].slice(0, keptRules);
      return Promise.resolve(entry);
    },
    history: () => Promise.resolve(entries),
    close: () => Promise.resolve(),
  };
};
