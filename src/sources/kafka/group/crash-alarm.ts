import type { Report } from '../../../events.js';

const quietMs = 10_000;

/** Tells of crashes: the first one at once, then at most one in ten seconds with how many there were. A deleted topic makes four a second. */
export class CrashAlarm {
  #untold = 0;
  #lastToldMs = -Infinity;

  constructor(
    private readonly report: Report,
    private readonly nowMs: () => number,
  ) {}

  crashed(why: string, willRestart: boolean): void {
    this.#untold++;
    if (willRestart && this.nowMs() - this.#lastToldMs < quietMs) return;
    const count = this.#untold > 1 ? ` (${this.#untold} times since it was last told)` : '';
    this.report({ _tag: 'source_crashed', message: `${why}${count}`, willRestart });
    this.#untold = 0;
    this.#lastToldMs = this.nowMs();
  }
}
