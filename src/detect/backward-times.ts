import type { Reading } from './reading.js';

/** Finds readings whose time is before that of the reading above them: detectors judge each by what came before it, and would be misled. */
export class BackwardTimes {
  #lastMs = -Infinity;
  #firstLine = 0;
  #count = 0;

  see({ atMs, line }: Reading): void {
    if (atMs < this.#lastMs) {
      if (this.#count === 0) this.#firstLine = line;
      this.#count += 1;
    }
    this.#lastMs = atMs;
  }

  /** What to tell of them; null when time only goes on. */
  warningOf(file: string): string | null {
    if (this.#count === 0) return null;
    const times = this.#count === 1 ? 'once' : `${this.#count} times`;
    return `${file}:${this.#firstLine}: time goes backwards here, ${times} in all: scores may be wrong; sort the file by time`;
  }
}
