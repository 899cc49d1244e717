/** Behind by more than that, what was missed is let go: nobody wants an hour's records at once because the machine slept. */
const mostBehindMs = 1_000;

/** How many records are due: always reckoned from the beginning, so that no rounding adds up. */
export class Pace {
  #startMs: number;
  #sent = 0;

  constructor(
    private readonly ratePerSecond: number,
    nowMs: number,
  ) {
    this.#startMs = nowMs;
  }

  /** Records due since it was last asked, and the time that was let go, ms. */
  due(nowMs: number): { readonly count: number; readonly skippedMs: number } {
    const sentMs = (this.#sent / this.ratePerSecond) * 1_000;
    const skippedMs = Math.max(0, nowMs - this.#startMs - sentMs - mostBehindMs);
    this.#startMs += skippedMs;
    const count = Math.max(0, Math.floor(((nowMs - this.#startMs) * this.ratePerSecond) / 1_000) - this.#sent);
    this.#sent += count;
    return { count, skippedMs };
  }

  /** When the next record is due, on the same clock. */
  get nextMs(): number {
    return this.#startMs + ((this.#sent + 1) / this.ratePerSecond) * 1_000;
  }
}
