import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from './chance.js';
import { until } from './until.js';
import type { WeirProcess } from './weir-process.js';

type Blow = 'SIGKILL' | 'SIGTERM' | 'SIGSTOP';

export interface HavocOptions {
  readonly chance: Chance;
  readonly services: number;
  readonly spawn: (number: number) => WeirProcess;
  readonly sessionTimeoutMs: number;
  readonly tell: (line: string) => unknown;
}

/** Keeps a number of service processes running, and lets them come to harm. */
export class Havoc {
  readonly all: WeirProcess[] = [];
  readonly blows: Record<Blow, number> = { SIGKILL: 0, SIGTERM: 0, SIGSTOP: 0 };
  #alive: WeirProcess[] = [];
  #spawned = 0;
  readonly #startedAt = performance.now();

  constructor(private readonly options: HavocOptions) {}

  begin(): void {
    for (let i = 0; i < this.options.services; i += 1) this.#spawn();
  }

  /** Until told to stop; at least one blow of each kind comes in any case. */
  async rage(isOver: () => boolean): Promise<void> {
    const { chance } = this.options;
    const first: Blow[] = ['SIGKILL', 'SIGTERM', 'SIGSTOP'];
    while (!isOver() || first.length > 0) {
      await wait(chance.between(1_500, 4_500));
      const blow = first.shift() ?? chance.pick(['SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGTERM', 'SIGSTOP']);
      const victim = this.#alive[Math.floor(chance.next() * this.#alive.length)];
      if (victim !== undefined) await this.#strike(victim, blow);
    }
  }

  /** All of them in order. */
  async stop(): Promise<void> {
    await Promise.all(this.all.map((service) => service.stop()));
  }

  count(event: string): number {
    return this.all.reduce((sum, service) => sum + service.count(event), 0);
  }

  async #strike(victim: WeirProcess, blow: Blow): Promise<void> {
    const { chance, sessionTimeoutMs } = this.options;
    this.blows[blow] += 1;
    this.#tell(`${blow} ${victim.name}`);
    victim.signal(blow);
    if (blow === 'SIGSTOP') {
      // Longer than a session: the others take over, and a zombie comes back.
      await wait(chance.between(sessionTimeoutMs + 1_500, sessionTimeoutMs + 3_500));
      this.#tell(`SIGCONT ${victim.name}`);
      victim.signal('SIGCONT');
      return;
    }
    await until(`${victim.name} ends`, () => victim.end !== null, 40_000);
    this.#alive = this.#alive.filter((service) => service !== victim);
    // A quick newcomer makes the whole group wait for the dead one, a slow one leaves its partitions alone meanwhile.
    await wait(chance.pick([300, 300, sessionTimeoutMs + 500]));
    this.#spawn();
  }

  #spawn(): void {
    this.#spawned += 1;
    const service = this.options.spawn(this.#spawned);
    this.#tell(`start ${service.name}`);
    this.all.push(service);
    this.#alive.push(service);
  }

  #tell(line: string): void {
    this.options.tell(`${((performance.now() - this.#startedAt) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
  }
}
