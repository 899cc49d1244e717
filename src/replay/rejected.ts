import type { DeadLetter } from '../../streams/model/rejection.js';

/** Dead letters of one reason. */
export interface RejectedFor {
  readonly reason: string;
  /** Id of the rule whose claim was broken, or that had no answer; null for what no rule decided. */
  readonly rule: string | null;
  readonly count: number;
  /** Of the first of them. */
  readonly message: string;
  readonly offset: number;
}

/** Counts dead letters by reason and rule, and keeps the words of the first of each. */
export class Rejected {
  readonly #byReason = new Map<string, RejectedFor>();

  add(letters: readonly DeadLetter[]): void {
    for (const { origin, rejection } of letters) {
      const rule = 'rule' in rejection ? (rejection.rule ?? null) : null;
      const key = `${rejection._tag} ${rule ?? ''}`;
      const known = this.#byReason.get(key);
      this.#byReason.set(
        key,
        known === undefined
          ? { reason: rejection._tag, rule, count: 1, message: rejection.message, offset: origin.offset }
          : { ...known, count: known.count + 1 },
      );
    }
  }

  /** The most frequent first. */
  reasons(): readonly RejectedFor[] {
    return [...this.#byReason.values()].sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
  }
}
