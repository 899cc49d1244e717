/**
 * Bytes handed out and not settled, per partition and in all. A share that finds itself full waits; it is woken when there is room
 * for it again, whoever made it.
 */
export class Budget {
  #used = 0;
  /** How many shares hold anything. */
  #holders = 0;
  readonly #waiting = new Set<Share>();

  constructor(
    private readonly maxShareBytes: number,
    private readonly maxTotalBytes: number,
  ) {}

  /** `onRoom` is called once for each time the share was found full. It must not throw. */
  share(onRoom: () => void): Share {
    return new Share(this, onRoom);
  }

  get used(): number {
    return this.#used;
  }

  /** Whether this share may take nothing more now; if so it is woken later. */
  isFull(share: Share): boolean {
    const isFull = !this.#hasRoom(share);
    if (isFull) this.#waiting.add(share);
    return isFull;
  }

  /** Whether a share holds half of its part, which is its own bound or an even part of the whole: settled now, it need never wait. */
  isLaden(share: Share): boolean {
    const part = Math.min(this.maxShareBytes, this.maxTotalBytes / Math.max(1, this.#holders));
    return share.used >= part / 2;
  }

  /** Called by shares alone. */
  add(bytes: number, holders: number): void {
    this.#used += bytes;
    this.#holders += holders;
    if (bytes >= 0) return;
    for (const share of [...this.#waiting]) {
      if (!this.#hasRoom(share) || !this.#waiting.delete(share)) continue;
      share.onRoom();
    }
  }

  /** Called by shares alone: nobody waits for it any more. */
  forget(share: Share): void {
    this.#waiting.delete(share);
  }

  #hasRoom(share: Share): boolean {
    return share.used < this.maxShareBytes && this.#used < this.maxTotalBytes;
  }
}

interface Held {
  readonly next: number;
  readonly bytes: number;
}

/** One partition's part of the budget: which chunks are out, in order, and how many bytes each holds. */
export class Share {
  #used = 0;
  #held: Held[] = [];
  #first = 0;

  constructor(
    private readonly budget: Budget,
    readonly onRoom: () => void,
  ) {}

  get used(): number {
    return this.#used;
  }

  get isFull(): boolean {
    return this.budget.isFull(this);
  }

  get isLaden(): boolean {
    return this.budget.isLaden(this);
  }

  /** A chunk that ends before `next` went out. */
  hold(next: number, bytes: number): void {
    this.#held.push({ next, bytes });
    const holders = this.#used === 0 && bytes > 0 ? 1 : 0;
    this.#used += bytes;
    this.budget.add(bytes, holders);
  }

  /** Everything before `next` is settled. */
  free(next: number): void {
    let freed = 0;
    for (let held = this.#held[this.#first]; held !== undefined && held.next <= next; held = this.#held[this.#first]) {
      freed += held.bytes;
      this.#first++;
    }
    if (this.#first > 64 && this.#first * 2 > this.#held.length) {
      this.#held = this.#held.slice(this.#first);
      this.#first = 0;
    }
    this.#release(freed);
  }

  /** Nothing of it is out any more. */
  clear(): void {
    this.#held = [];
    this.#first = 0;
    this.budget.forget(this);
    this.#release(this.#used);
  }

  #release(bytes: number): void {
    if (bytes === 0) return;
    this.#used -= bytes;
    this.budget.add(-bytes, this.#used === 0 ? -1 : 0);
  }
}
