import type { Telemetry } from '../../streams/model/telemetry.js';
import type { Offset } from '../../streams/model/units.js';

/** Records that counted although a rule had something to say of them. */
export interface LetThroughFor {
  /** `flagged`: a claim was broken; `unanswered`: an alert rule, or a derived metric, had no answer. */
  readonly what: 'flagged' | 'unanswered';
  readonly rule: string;
  readonly count: number;
  /** Of the first of them. */
  readonly offset: Offset;
}

/** Counts what was let through, by rule. A record is counted once for each rule, whatever number of its readings broke the claim. */
export class LetThrough {
  readonly #byRule = new Map<string, LetThroughFor>();

  add({ flags, unanswered }: Telemetry, offset: Offset): void {
    if (flags !== null)
      for (const rule of new Set(flags.map((flag) => flag.rule))) this.#count('flagged', rule, offset);
    if (unanswered !== null) for (const rule of new Set(unanswered)) this.#count('unanswered', rule, offset);
  }

  /** The most frequent first. */
  rules(): readonly LetThroughFor[] {
    return [...this.#byRule.values()].sort((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1));
  }

  #count(what: LetThroughFor['what'], rule: string, offset: Offset): void {
    const key = `${what} ${rule}`;
    const known = this.#byRule.get(key);
    this.#byRule.set(
      key,
      known === undefined ? { what, rule, count: 1, offset } : { ...known, count: known.count + 1 },
    );
  }
}
