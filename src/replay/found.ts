import type { Alert } from '../../streams/model/alert.js';
import { addTally, emptyTally, type Outcome, tallyOf } from '../../streams/model/chunk.js';
import type { Finding } from '../../streams/model/finding.js';
import type { ToldWindow } from '../../streams/model/window.js';
import { LetThrough } from './let-through.js';
import { Rejected } from './rejected.js';
import { Spans } from './spans.js';

/** Things by name, of which the first so many are held; the others are counted by rule. */
export class Held<A extends { readonly rule: string }> {
  readonly #items = new Map<string, A>();
  readonly #counts = new Map<string, number>();

  constructor(readonly most: number) {}

  /** What was there under that name is what it is now; only what is new is counted. */
  add(name: string, item: A, isNew: boolean): void {
    if (isNew) this.#counts.set(item.rule, (this.#counts.get(item.rule) ?? 0) + 1);
    if (this.#items.has(name) || (isNew && this.#items.size < this.most)) this.#items.set(name, item);
  }

  get items(): readonly A[] {
    return [...this.#items.values()];
  }

  get count(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  get byRule(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** What a replay came to. Memory: `most` of each kind, an episode each in a few words, and the names of devices. */
export class Found {
  tally = emptyTally;
  readonly rejected = new Rejected();
  readonly letThrough = new LetThrough();
  readonly windows: Held<ToldWindow>;
  readonly findings: Held<Finding>;
  readonly alerts: Held<Alert>;
  readonly spans = new Spans();
  readonly #devices = new Set<string>();
  /** Event times of what counted, epoch ms. */
  fromMs = Infinity;
  toMs = -Infinity;

  constructor(most: number) {
    this.windows = new Held(most);
    this.findings = new Held(most);
    this.alerts = new Held(most);
  }

  get devices(): number {
    return this.#devices.size;
  }

  add(outcome: Outcome): void {
    this.tally = addTally(this.tally, tallyOf(outcome));
    this.rejected.add(outcome.rejected);
    for (const { value, origin } of outcome.records) {
      this.letThrough.add(value, origin.offset);
      this.#devices.add(value.device.id);
      this.fromMs = Math.min(this.fromMs, value.eventTimeMs);
      this.toMs = Math.max(this.toMs, value.eventTimeMs);
    }
    const { partition } = outcome.source;
    for (const window of outcome.windows) {
      const { rule, device, metric, startMs, revision } = window;
      this.windows.add(`${partition} ${rule} ${device} ${metric} ${startMs}`, window, revision === 1);
    }
    for (const finding of outcome.findings) {
      const { rule, device, metric, offset, isFinding } = finding;
      if (isFinding) this.findings.add(`${partition} ${rule} ${device} ${metric} ${offset}`, finding, true);
    }
    for (const alert of outcome.alerts) {
      this.alerts.add(alert.id, alert, alert.version === 1);
      this.spans.add(alert);
    }
  }
}
