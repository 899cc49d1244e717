/** Rules that were put in force for a whole group of processes. */
export interface RuleEntry {
  /** Counts what was put in force, from 1; greater is newer. */
  readonly sequence: number;
  readonly version: string;
  /** The files, as one text. */
  readonly text: string;
  /** By the clock of the store, epoch ms. */
  readonly activatedAtMs: number;
}

/**
 * Which rules are in force for the group. Every process decides by the newest entry, so that a partition that changes hands is decided by the
 * same rules. One conformance suite, `test/conformance/rule-log.ts`.
 */
export interface RuleLog {
  /** Null as long as none was ever put in force. */
  active(): Promise<RuleEntry | null>;
  /** What the active entry is called, without its text: cheap enough to be asked again and again. */
  newest(): Promise<Pick<RuleEntry, 'sequence' | 'version'> | null>;
  /** Puts rules in force, unless they are already: then gives the entry there is. */
  activate(rules: Pick<RuleEntry, 'version' | 'text'>): Promise<RuleEntry>;
  /** The newest first, at most 20. */
  history(): Promise<readonly RuleEntry[]>;
  close(): Promise<void>;
}

/** So many entries are kept. */
export const keptRules = 20;
