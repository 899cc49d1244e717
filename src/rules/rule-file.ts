import { type Either, isLeft, map } from 'fp-ts/lib/Either.js';
import type { RuleFault } from './findings.js';
import { loadRules, type LoadedRules, type LoadOptions, rulesFromTexts } from './load.js';
import { readTexts, type RuleText } from './texts.js';

/**
 * The file, or folder, that rules are read from. What counts is its content, whatever else happened to it: a folder whose files are links that point
 * elsewhere one day, as Kubernetes mounts them, is a change like any other.
 */
export class RuleFile {
  loaded: Either<readonly RuleFault[], LoadedRules>;
  /** Contents as they were dealt with, as they were loaded, and at the last glance. */
  #dealtWith: string;
  #inHand: string;
  #glance: string;

  constructor(
    /** Null: the rules that hold when nobody gives any, which never change. */
    readonly path: string | null,
    readonly options: LoadOptions = {},
  ) {
    this.#dealtWith = this.#inHand = this.#glance = '';
    this.loaded = this.load();
    this.acted();
  }

  /** Reads and compiles it anew. */
  load(): Either<readonly RuleFault[], LoadedRules> {
    if (this.path === null) return (this.loaded = loadRules(null, this.options));
    const texts = readTexts(this.path);
    this.#inHand = contentOf(texts);
    return (this.loaded = isLeft(texts) ? texts : rulesFromTexts(texts.right, this.options));
  }

  /** What was loaded last has been dealt with: it is no change any more. */
  acted(): void {
    this.#dealtWith = this.#inHand;
  }

  /** Whether its content is another than what was dealt with last, and was the same at the last look: one that is being written is let be. */
  hasChanged(): boolean {
    if (this.path === null) return false;
    const content = contentOf(readTexts(this.path));
    const isSteady = content === this.#glance;
    this.#glance = content;
    return isSteady && content !== this.#dealtWith;
  }
}

const contentOf = (texts: Either<readonly RuleFault[], readonly RuleText[]>): string =>
  JSON.stringify(map(bare)(texts));

const bare = (texts: readonly RuleText[]): readonly (readonly string[])[] =>
  texts.map(({ name, text }) => [name, text]);
