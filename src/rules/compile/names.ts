import { showOrigin } from '../../config/faults.js';
import type { Entry, Findings, Place } from '../findings.js';

/** Names that a section gives, and what they stand for. */
export class Names<A> {
  private readonly known = new Map<string, { readonly meaning: A; readonly place: Place }>();

  /** `kind`, as people are told: `metric`. `broken`: names of entries that are faulty by themselves. */
  constructor(
    private readonly kind: string,
    private readonly broken: ReadonlySet<string>,
    private readonly findings: Findings,
  ) {}

  get all(): readonly string[] {
    return [...this.known.keys()];
  }

  /** Says so when the name is taken; the first one keeps it. */
  add(name: string, meaning: A, place: Place, below: readonly string[]): void {
    const taken = this.known.get(name);
    if (taken === undefined) this.known.set(name, { meaning, place });
    else {
      const where = showOrigin(taken.place.file.locate(taken.place.path, 'key'));
      this.findings.fault(place, below, `${this.kind} ${name} is there already, at ${where}`);
    }
  }

  peek(name: string): A | undefined {
    return this.known.get(name)?.meaning;
  }

  /** What a name stands for; null, and a fault, when that is nothing. One that is faulty itself is no second fault. */
  find(name: string, place: Place, below: readonly string[], isKey = false): A | null {
    const found = this.known.get(name);
    if (found !== undefined) return found.meaning;
    if (!this.broken.has(name))
      this.findings.fault(place, below, `there is no ${this.kind} ${name}`, {
        ...(this.known.size > 0 && this.known.size <= 12 ? { expected: this.all.join(', ') } : {}),
        found: name,
        among: this.all,
        isKey,
      });
    return null;
  }

  /** For entries of one name each. */
  static of<A extends { readonly id: string }>(
    kind: string,
    entries: readonly Entry<A>[],
    broken: ReadonlySet<string>,
    findings: Findings,
  ): Names<Entry<A>> {
    const names = new Names<Entry<A>>(kind, broken, findings);
    for (const entry of entries) names.add(entry.value.id, entry, entry.place, ['id']);
    return names;
  }
}
