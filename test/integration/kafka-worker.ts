/**
 * A member of the group in a process of its own, so that it can be killed and stopped. Its store is in the process that made it; the two
 * talk over the channel that `fork` opens.
 */
import { reader } from './kafka-fixtures.js';
import { isAnswer, type Ask, type Job } from './kafka-workers.js';
import type { Store } from './kafka-store.js';

const send = (message: Ask): void => void process.send?.(message);
const waiting = new Map<number, (answer: unknown) => void>();
let asked = 0;

const ask = (what: 'acquire' | 'commit', parameter: unknown): Promise<unknown> =>
  new Promise((resolve) => {
    asked++;
    waiting.set(asked, resolve);
    send({ id: asked, what, parameter });
  });

process.on('message', (message: unknown) => {
  if (!isAnswer(message)) return;
  waiting.get(message.id)?.(message.answer);
  waiting.delete(message.id);
});

const store: Store = {
  acquire: async (source) => (await ask('acquire', source)) as ReturnType<Store['acquire']>,
  commit: async (part) => (await ask('commit', part)) === true,
};

const { config, batchSize, settleMs } = JSON.parse(process.argv[2] ?? '{}') as Job;
const made = reader({ config, store, batchSize, settleMs: () => settleMs });
process.on('disconnect', () => process.exit(1));
await made.source.start();
setInterval(() => send({ id: 0, what: 'held', parameter: made.source.status().partitions.length }), 50);
