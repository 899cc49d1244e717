import type { Chunk } from '../model/chunk.js';
import type { Finding } from '../model/finding.js';
import type { ToldWindow } from '../model/window.js';

/** Something that an operator before added to a chunk. */
export type Said =
  { readonly _tag: 'window'; readonly said: ToldWindow } | { readonly _tag: 'finding'; readonly said: Finding };

/** Hands out what operators before added to a chunk, each at the record with which it came: windows before findings of one record. */
export class Beside {
  #window = 0;
  #finding = 0;

  constructor(readonly chunk: Pick<Chunk<unknown>, 'windows' | 'findings'>) {}

  /** The next one up to that of the record at `offset`; null when there is none. */
  until(offset: number): Said | null {
    const window = this.chunk.windows[this.#window];
    const finding = this.chunk.findings[this.#finding];
    const windowAt = window?.offset ?? Infinity;
    const findingAt = finding?.offset ?? Infinity;
    if (window !== undefined && windowAt <= findingAt && windowAt <= offset) {
      this.#window += 1;
      return { _tag: 'window', said: window };
    }
    if (finding === undefined || findingAt > offset) return null;
    this.#finding += 1;
    return { _tag: 'finding', said: finding };
  }
}
