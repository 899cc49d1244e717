/**
 * A list of a chunk in the making: that of the chunk before, shared until something is added to it. Knows what was added for the record under
 * way, so that it can be taken back.
 */
export class Track<A> {
  #items: A[] | null = null;
  /** The turn in which something was added last, and where that begins. */
  #turn = -1;
  #begin = 0;

  constructor(readonly before: readonly A[]) {}

  add(item: A, turn: number): void {
    const items = (this.#items ??= [...this.before]);
    if (turn !== this.#turn) {
      this.#turn = turn;
      this.#begin = items.length;
    }
    items.push(item);
  }

  takeBack(turn: number): void {
    if (this.#items !== null && turn === this.#turn) this.#items.length = this.#begin;
  }

  get items(): readonly A[] {
    return this.#items ?? this.before;
  }
}
