import type { Draft } from '../chunks/draft.js';
import type { Alert } from '../model/alert.js';
import type { Offset } from '../model/units.js';
import { LogTime, logTimeMemoryOf } from '../state/log-time.js';
import type { PartitionState } from '../state/partition-state.js';
import { type Flood, floodMemory, type Guard, passed, type Raise, raisedInGroup } from './flood.js';

/** The floods of a partition, by group, in the log time of the records seen. */
export class Floods {
  readonly #byGroup: Map<string, Flood>;
  readonly #logTime: LogTime;

  constructor(
    state: PartitionState,
    isGuarded: boolean,
    readonly maxAheadMs: number,
  ) {
    this.#byGroup = state.ofPartition(floodMemory);
    // Without a guard there are at most summaries that are left to clear.
    this.#logTime = isGuarded ? state.ofPartition(logTimeMemoryOf('floodLogTime')) : new LogTime(-Infinity, []);
  }

  /** Counts one more alert raised; gives the summary that stands for it, or null when it stands for itself. */
  raised(guard: Guard, raise: Raise): Alert | null {
    const { timeMs } = this.#logTime;
    const logMs = timeMs === -Infinity ? raise.atMs : timeMs;
    const flood = raisedInGroup(this.#byGroup.get(raise.group), guard, raise, logMs);
    this.#byGroup.set(raise.group, flood);
    return flood.raised > guard.most ? flood.summary : null;
  }

  /** Sees the next record: lets time pass, and tells the summaries that cleared by it. */
  see(timestampMs: number, offset: Offset, draft: Draft<unknown>): void {
    this.#logTime.see(timestampMs, this.maxAheadMs);
    for (const [group, before] of this.#byGroup) {
      const { flood, told: cleared } = passed(before, this.#logTime.timeMs, offset);
      if (flood === null) this.#byGroup.delete(group);
      else if (flood !== before) this.#byGroup.set(group, flood);
      if (cleared !== null) draft.addAlert(cleared);
    }
  }
}
