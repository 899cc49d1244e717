import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { KafkaConfig } from '../../src/config/config.js';
import type { TopicPartition } from '../../streams/model/units.js';
import type { FakeStore, Part } from './kafka-store.js';

/** What a worker process is told. */
export interface Job {
  readonly config: KafkaConfig;
  readonly batchSize: number;
  readonly settleMs: number;
}

export interface Ask {
  readonly id: number;
  readonly what: 'acquire' | 'commit' | 'held';
  readonly parameter: unknown;
}

export interface Answer {
  readonly id: number;
  readonly answer: unknown;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
export const isAnswer = (value: unknown): value is Answer => isObject(value) && 'id' in value && 'answer' in value;
const isAsk = (value: unknown): value is Ask => isObject(value) && 'id' in value && 'what' in value;

/** A member in a process of its own, working on a store in this one. */
export class Worker {
  held = 0;
  readonly #child: ChildProcess;

  constructor(
    job: Job,
    private readonly store: FakeStore,
  ) {
    const file = fileURLToPath(new URL('kafka-worker.ts', import.meta.url));
    this.#child = fork(file, [JSON.stringify(job)], { execArgv: ['--import', 'tsx'] });
    this.#child.on('message', (message: unknown) => {
      if (isAsk(message)) this.#answer(message);
    });
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }

  #answer({ id, what, parameter }: Ask): void {
    // It may have been killed since it asked.
    const unheard = (): void => undefined;
    const answer = (value: unknown): void => void this.#child.send({ id, answer: value } satisfies Answer, unheard);
    switch (what) {
      case 'acquire':
        answer(this.store.acquire(parameter as TopicPartition));
        return;
      case 'commit':
        answer(this.store.commit(parameter as Part));
        return;
      case 'held':
        this.held = Number(parameter);
    }
  }
}
