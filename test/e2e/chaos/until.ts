import { setTimeout as wait } from 'node:timers/promises';

/** Errors: rejects when it is not so in time. */
export const until = async (
  what: string,
  isSo: () => boolean | Promise<boolean>,
  withinMs = 60_000,
  everyMs = 50,
): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not so within ${Math.round(withinMs / 1_000)} s: ${what}`);
    await wait(everyMs);
  }
};
