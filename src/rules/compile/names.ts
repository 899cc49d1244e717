import type { Entry, Findings, Place } from '../findings.js';

/** Names that a section gives, and what they stand for. */
export class Names<A> {
  private readonly known = new Map<string, A>();

  /** `kind`, as people are told: `metric`. `broken`: names of entries that are faulty by themselves. */
  constructor(
    private readonly kind: string,
    private readonly broken: ReadonlySet<string>,
    private readonly findings: Findings,
  ) {}

  get all(): readonly string[] {
    return [...this.known.keys()];
  }

  /** The first one keeps its name; that it is given twice was said where the file was decoded. */
  add(name: string, meaning: A): void {
    if (!this.known.has(name)) this.known.set(name, meaning);
  }

  peek(name: string): A | undefined {
    return this.known.get(name);
  }

  /** What a name stands for; null, and a fault, when that is nothing. One that is faulty itself is no second fault. */
  find(name: string, place: Place, below: readonly string[], isKey = false): A | null {
    const found = this.known.get(name);
    if (found !== undefined) return found;
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
    for (const entry of entries) names.add(entry.value.id, entry);
    return names;
  }
}
