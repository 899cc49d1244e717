import { setTimeout as delay } from 'node:timers/promises';
import { type Either, isLeft } from 'fp-ts/lib/Either.js';
import pLimit from 'p-limit';
import type { Rules } from '../../streams/rules/rules.js';
import type { DoorSettings } from '../../streams/rules/settings.js';
import { showFault } from '../config/faults.js';
import type { Report } from '../events.js';
import { ServiceError } from '../service-error.js';
import {
  type ActiveRules,
  activeRules,
  type LastReload,
  type ReloadCause,
  type Reloaded,
  type ServiceRules,
} from './active.js';
import { invalidRules, rulesAt } from './default-settings.js';
import type { RuleFault } from './findings.js';
import { type LoadedRules, rulesFromBundle } from './load.js';
import type { RuleEntry, RuleLog } from './rule-log.js';
import type { RuleFile } from './rule-file.js';
import { Runs } from './runs.js';

export interface RulesInForceParts {
  readonly file: RuleFile;
  readonly door: DoorSettings;
  readonly log: RuleLog;
  readonly report: Report;
  /** How often file and log are looked at. Default 200. */
  readonly lookEveryMs?: number;
}

/** How often the log is asked at the start, and how long to wait in between. */
const openAttempts = 10;
const openRestMs = 500;

/**
 * The rules that this process decides by: those in force for its group, which are the newest of the group's log. Puts the rules of its own file there
 * when that changes or somebody asks for it, and takes over what others put there. What is at fault never replaces what is not.
 */
export class RulesInForce implements ServiceRules {
  readonly runs = new Runs();
  #current: ActiveRules;
  #last: LastReload = { cause: 'start', atMs: Date.now(), isGood: true, faults: [], goodAtMs: Date.now() };
  /** Rules in force for the group that do not compile here. */
  #refused: Pick<RuleEntry, 'sequence' | 'version'> | null = null;
  #isLogAway = false;
  #looking: NodeJS.Timeout | undefined;
  /** One thing at a time: a reload, or a look. */
  readonly #turn = pLimit(1);

  constructor(private readonly parts: RulesInForceParts) {
    const { file, door } = parts;
    // Of a file at fault nothing is known, and nothing is decided before `open`.
    const { rules, text, version } = isLeft(file.loaded) ? rulesAt(null) : file.loaded.right;
    this.#current = activeRules({ sequence: 0, version, text, activatedAtMs: 0 }, rules, door);
  }

  get current(): ActiveRules {
    return this.#current;
  }

  get rules(): Rules {
    return this.#current.settings.rules;
  }

  get path(): string | null {
    return this.parts.file.path;
  }

  get lastReload(): LastReload {
    return this.#last;
  }

  history(): Promise<readonly RuleEntry[]> {
    return this.parts.log.history();
  }

  /**
   * Agrees with the group, and begins to look for changes. Errors: rejects with `ServiceError` when the log can't be asked, or `config_invalid` when the
   * file is at fault and the group has no rules to go on with.
   */
  async open(): Promise<void> {
    await this.#agreed();
    const { lookEveryMs = 200 } = this.parts;
    const look = (): void => {
      void this.#turn(() => this.#look()).finally(() => {
        if (this.#looking !== undefined) this.#looking = setTimeout(look, lookEveryMs);
      });
    };
    this.#looking = setTimeout(look, lookEveryMs);
  }

  async close(): Promise<void> {
    clearTimeout(this.#looking);
    this.#looking = undefined;
    // What is under way ends first: a log that closes on it would look like one that is away.
    await this.#turn(() => undefined);
    await this.parts.log.close();
  }

  /** Puts the rules of the file in force for the group, even if they were before. Errors: rejects with `ServiceError` when the log can't be asked. */
  reload(cause: ReloadCause): Promise<Reloaded> {
    return this.#turn(() => this.#reload(cause));
  }

  catchUp(sequence: number): Promise<'ready' | 'behind' | 'lost'> {
    return this.#turn(async () => {
      const newest = await this.#followed();
      if (this.#current.sequence >= sequence) return 'ready';
      return newest !== null && newest < sequence ? 'lost' : 'behind';
    });
  }

  /** Starting is worth some patience: a log that is away is asked again. */
  async #agreed(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#agree(this.parts.file.loaded);
        return;
      } catch (error) {
        if (attempt === openAttempts || !(error instanceof ServiceError) || error.code !== 'redis_unreachable')
          throw error;
        await delay(openRestMs);
      }
    }
  }

  async #agree(own: Either<readonly RuleFault[], LoadedRules>): Promise<void> {
    const { log, report, door } = this.parts;
    const active = await log.active();
    if (isLeft(own)) {
      if (active === null || !this.#take(active, 'start')) throw invalidRules(own.left);
      this.#refuse('start', own.left.map(showFault));
      return;
    }
    const { version, rules } = own.right;
    if (active?.version === version) {
      this.#current = activeRules(active, rules, door);
      return;
    }
    const before = (await log.history()).find((entry) => entry.version === version);
    if (active === null || before === undefined) {
      await this.#put(own.right, 'start');
      return;
    }
    // A member with older files must not bring the group back to them.
    report({ _tag: 'rules_outdated', version, active: active.version, sequence: active.sequence });
    if (!this.#take(active, 'start')) this.#current = activeRules(before, rules, door);
  }

  async #look(): Promise<void> {
    try {
      if (this.parts.file.hasChanged()) await this.#reload('file');
    } catch (error) {
      this.#tellAway(error);
      return;
    }
    await this.#followed();
  }

  /** The newest sequence of the log; null when it can't be asked. */
  async #followed(): Promise<number | null> {
    try {
      const newest = await this.#follow();
      this.#isLogAway = false;
      return newest;
    } catch (error) {
      this.#tellAway(error);
      return null;
    }
  }

  /** Once: it is asked again soon. */
  #tellAway(error: unknown): void {
    if (!this.#isLogAway) this.parts.report({ _tag: 'rules_unknown', message: String(error) });
    this.#isLogAway = true;
  }

  async #reload(cause: ReloadCause): Promise<Reloaded> {
    const { file } = this.parts;
    const loaded = file.load();
    if (isLeft(loaded)) {
      file.acted();
      this.#refuse(cause, loaded.left.map(showFault));
      return { _tag: 'refused', faults: loaded.left };
    }
    const isChanged = await this.#put(loaded.right, cause);
    file.acted();
    return { _tag: 'in_force', active: this.#current, isChanged, warnings: loaded.right.warnings };
  }

  /** Takes over what others put in force. Gives the newest sequence of the log. */
  async #follow(): Promise<number> {
    const { log, report } = this.parts;
    const newest = await log.newest();
    const { sequence, version, text } = this.#current;
    if (newest?.sequence === sequence && newest.version === version) return sequence;
    if (newest === null || newest.sequence < sequence) {
      report({ _tag: 'rules_rolled_back', version, expected: sequence, found: newest?.sequence ?? null });
      const entry = await log.activate({ version, text });
      this.#current = { ...this.#current, sequence: entry.sequence, activatedAtMs: entry.activatedAtMs };
      return entry.sequence;
    }
    if (newest.sequence === this.#refused?.sequence && newest.version === this.#refused.version) return newest.sequence;
    const active = await log.active();
    if (active !== null) this.#take(active, 'group');
    return active?.sequence ?? 0;
  }

  /** Gives whether anything is different now. */
  async #put({ rules, version, text, warnings }: LoadedRules, cause: ReloadCause): Promise<boolean> {
    const entry = await this.parts.log.activate({ version, text });
    const isChanged = entry.sequence !== this.#current.sequence;
    if (isChanged) this.#activate(activeRules(entry, rules, this.parts.door), cause, warnings);
    else this.#succeed(cause);
    return isChanged;
  }

  /** Gives whether they could be taken. */
  #take(entry: RuleEntry, cause: ReloadCause): boolean {
    const loaded = rulesFromBundle(entry.text);
    if (isLeft(loaded)) {
      this.#refused = entry;
      this.#refuse(cause, loaded.left.map(showFault));
      return false;
    }
    this.#activate(activeRules(entry, loaded.right.rules, this.parts.door), cause);
    return true;
  }

  #activate(active: ActiveRules, cause: ReloadCause, warnings: readonly RuleFault[] = []): void {
    this.#current = active;
    this.#refused = null;
    this.#succeed(cause);
    const { sequence, version } = active;
    this.parts.report({ _tag: 'rules_activated', version, sequence, cause, warnings: warnings.map(showFault) });
  }

  #succeed(cause: ReloadCause): void {
    const atMs = Date.now();
    this.#last = { cause, atMs, isGood: true, faults: [], goodAtMs: atMs };
  }

  #refuse(cause: ReloadCause, faults: readonly string[]): void {
    this.#last = { ...this.#last, cause, atMs: Date.now(), isGood: false, faults };
    this.parts.report({ _tag: 'rules_refused', cause, faults, version: this.#current.version });
  }
}
