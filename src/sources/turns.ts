/** Does one slice of work, or less once `isDue` says so; true when more of it is waiting. Must not throw. */
export type Slice = (isDue: () => boolean) => boolean;

export interface TurnOptions {
  /** After that long other things (sockets, timers) get their turn. */
  readonly sliceMs: number;
  readonly nowMs: () => number;
  /** Runs a function after the event loop has gone round once. */
  readonly later: (run: () => void) => void;
}

const realTime: TurnOptions = {
  sliceMs: 8,
  nowMs: () => performance.now(),
  later: (run) => void setImmediate(run),
};

/** Shares the thread between partitions: slices in turn, one after the other, and the event loop goes round at least every `sliceMs`. */
export class Turns {
  readonly #queue = new Set<Slice>();
  #isScheduled = false;

  constructor(private readonly options: TurnOptions = realTime) {}

  /** Asks for a turn; asking twice is asking once. The work never runs inside this call. */
  request(slice: Slice): void {
    this.#queue.add(slice);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.options.later(this.#run);
  }

  readonly #run = (): void => {
    this.#isScheduled = false;
    const { nowMs, sliceMs } = this.options;
    const end = nowMs() + sliceMs;
    const isDue = (): boolean => nowMs() >= end;
    // A set is walked in order of insertion and sees what is added meanwhile: whoever has more to do comes round again.
    for (const slice of this.#queue) {
      this.#queue.delete(slice);
      if (slice(isDue)) this.#queue.add(slice);
      if (isDue()) break;
    }
    for (const slice of this.#queue) this.request(slice);
  };
}
