import type { Alert, Severity } from '../../streams/model/alert.js';

/** An episode of an alert, as short as it can be told. Times are event times, epoch ms. */
export interface Span {
  readonly rule: string;
  readonly device: string;
  readonly raisedAtMs: number;
  /** Null while it goes on. */
  readonly clearedAtMs: number | null;
  /** The worst it was. */
  readonly severity: Severity;
}

/** More are counted and not compared. */
export const mostSpans = 200_000;

/** Episodes as they come. Summaries of floods are none. */
export class Spans {
  readonly #byId = new Map<string, Span>();
  /** Episodes beyond the bound. */
  left = 0;

  add({ id, rule, device, raisedAtMs, clearedAtMs, severity, version }: Alert): void {
    if (device === '') return;
    const known = this.#byId.get(id);
    if (known === undefined && this.#byId.size >= mostSpans) {
      if (version === 1) this.left += 1;
      return;
    }
    this.#byId.set(id, {
      rule,
      device,
      raisedAtMs,
      clearedAtMs,
      severity: worse(known?.severity ?? severity, severity),
    });
  }

  all(): readonly Span[] {
    return [...this.#byId.values()];
  }
}

const ranks: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2, critical: 3 };
const worse = (a: Severity, b: Severity): Severity => (ranks[a] >= ranks[b] ? a : b);
