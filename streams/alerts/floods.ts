import type { Draft } from '../chunks/draft.js';
import type { Alert } from '../model/alert.js';
import type { Offset } from '../model/units.js';
import type { PartitionState } from '../state/partition-state.js';
import { type Flood, floodMemory, type Guard, passed, type Raise, raisedInGroup } from './flood.js';

/** The floods of a partition, by group. */
export class Floods {
  readonly #byGroup: Map<string, Flood>;

  constructor(state: PartitionState) {
    this.#byGroup = state.ofPartition(floodMemory);
  }

  /** Counts one more alert raised; gives the summary that stands for it, or null when it stands for itself. */
  raised(guard: Guard, raise: Raise): Alert | null {
    const flood = raisedInGroup(this.#byGroup.get(raise.group), guard, raise);
    this.#byGroup.set(raise.group, flood);
    return flood.raised > guard.most ? flood.summary : null;
  }

  /** Lets time pass, and tells the summaries that cleared by it. */
  passed(logMs: number, offset: Offset, draft: Draft<unknown>): void {
    for (const [group, before] of this.#byGroup) {
      const { flood, told: cleared } = passed(before, logMs, offset);
      if (flood === null) this.#byGroup.delete(group);
      else if (flood !== before) this.#byGroup.set(group, flood);
      if (cleared !== null) draft.addAlert(cleared);
    }
  }
}
