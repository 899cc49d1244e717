import { type DoorSettings, type PipelineSettings, settingsUnder } from '../../streams/rules/settings.js';
import type { Rules } from '../../streams/rules/rules.js';
import type { RuleFault } from './findings.js';
import type { RuleEntry } from './rule-log.js';
import { Runs } from './runs.js';

/** Rules that a process decides by. */
export interface ActiveRules {
  /** Of the group's log; 0 as long as that was not asked. */
  readonly sequence: number;
  readonly version: string;
  /** By the clock of the store, epoch ms; null as long as the log was not asked. */
  readonly activatedAtMs: number | null;
  readonly settings: PipelineSettings;
  /** The files, as one text. */
  readonly text: string;
}

/** Where a process finds the rules to decide by. */
export interface RuleSource {
  /** Looked at anew with each chunk. */
  readonly current: ActiveRules;
  readonly runs: Runs;
  /**
   * Asks the group's log, so that `current` is no older than what others decided by before. `behind`: they decide by rules that can't be had here
   * yet. `lost`: no such rules are known any more, for the store went back in time. Never rejects.
   */
  catchUp(sequence: number): Promise<'ready' | 'behind' | 'lost'>;
}

/** What brought a reload about; `group`: another process. */
export type ReloadCause = 'start' | 'file' | 'signal' | 'request' | 'group';

/** How the last attempt to take rules ended. */
export interface LastReload {
  readonly cause: ReloadCause;
  /** Epoch ms. */
  readonly atMs: number;
  readonly isGood: boolean;
  /** One line each; empty when it went well. */
  readonly faults: readonly string[];
  /** Of the last one that went well, epoch ms; null when none did. */
  readonly goodAtMs: number | null;
}

export type Reloaded =
  | { readonly _tag: 'refused'; readonly faults: readonly RuleFault[] }
  | {
      readonly _tag: 'in_force';
      readonly active: ActiveRules;
      /** False when the very same rules were in force already. */
      readonly isChanged: boolean;
      readonly warnings: readonly RuleFault[];
    };

/** The rules of a service from its start to its end. */
export interface ServiceRules extends RuleSource {
  /** As they are now: whoever keeps this sees those that come. */
  readonly rules: Rules;
  /** A file or a folder; null for rules that come from none. */
  readonly path: string | null;
  readonly lastReload: LastReload;
  /** Of the group, the newest first. */
  history(): Promise<readonly RuleEntry[]>;
  open(): Promise<void>;
  /** Left out: they never change. Errors: rejects with `ServiceError` when the group's log can't be asked. */
  reload?(cause: ReloadCause): Promise<Reloaded>;
  close(): Promise<void>;
}

export const activeRules = (
  { sequence, version, activatedAtMs, text }: RuleEntry,
  rules: Rules,
  door: DoorSettings,
): ActiveRules => ({ sequence, version, activatedAtMs, text, settings: settingsUnder(rules, door) });

/** Rules that never change: of one process, and of no file. */
export const fixedRules = (settings: PipelineSettings): ServiceRules => ({
  current: { sequence: 0, version: settings.rules.version, activatedAtMs: null, settings, text: '[]' },
  rules: settings.rules,
  path: null,
  runs: new Runs(),
  lastReload: { cause: 'start', atMs: Date.now(), isGood: true, faults: [], goodAtMs: null },
  catchUp: () => Promise.resolve('ready'),
  history: () => Promise.resolve([]),
  open: () => Promise.resolve(),
  close: () => Promise.resolve(),
});
