import * as t from 'io-ts';
import { asOffset, type Offset } from '../../streams/model/units.js';
import type { PipelineSettings } from '../../streams/rules/settings.js';
import { memory, type PartitionState } from '../../streams/state/partition-state.js';
import type { ActiveRules } from '../rules/active.js';
import type { RuleSpan } from '../rules/runs.js';

/** So many spans are kept of a partition. */
const keptSpans = 20;

const StoredSpans = t.array(t.type({ sequence: t.number, version: t.string, since: t.number }));

/** Which rules have decided the partition since which record, the newest last: a memory of the partition, saved with the offset. */
const spanMemory = memory<RuleSpan[], t.TypeOf<typeof StoredSpans>>({
  name: 'rules',
  create: () => [],
  stored: StoredSpans,
  store: (spans) => [...spans],
  restore: (stored) => stored.map((span) => ({ ...span, since: asOffset(span.since) })),
});

/** A partition's state, and the rules that what it remembers is bound to. */
export class RuledState {
  #bound: ActiveRules | null = null;

  constructor(readonly state: PartitionState) {}

  /** The last span; null when nothing was ever decided. */
  get span(): RuleSpan | null {
    return this.state.ofPartition(spanMemory).at(-1) ?? null;
  }

  /** Of the rules it is bound to; null as long as it is bound to none. */
  get settings(): PipelineSettings | null {
    return this.#bound?.settings ?? null;
  }

  /** Binds it to rules. What it remembers goes on under them as it would after a restart. Errors: throws `CorruptState`. */
  bind(active: ActiveRules): void {
    if (this.#bound === active) return;
    if (this.#bound !== null) this.state.rebind();
    this.#bound = active;
  }

  /** The rules that it is bound to decide from this record on, unless they did before. */
  decidesFrom(offset: Offset): void {
    if (this.#bound === null) return;
    const { sequence, version } = this.#bound;
    const spans = this.state.ofPartition(spanMemory);
    const last = spans.at(-1);
    if (last?.sequence === sequence && last.version === version) return;
    spans.push({ sequence, version, since: offset });
    if (spans.length > keptSpans) spans.shift();
  }
}
