/** What registers tests: `describe` and `it` of vitest, jest, mocha or node:test. */
export interface Runner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => void) => unknown;
}

const globals = globalThis as Partial<Runner>;

/** Found in this order: globals (jest, mocha, vitest with `globals`), vitest by its environment variable, else Node's own runner. */
const find = async (): Promise<Runner> => {
  const { describe, it } = globals;
  if (typeof describe === 'function' && typeof it === 'function') return { describe, it };
  return process.env['VITEST'] === undefined ? import('node:test') : import('vitest');
};

let current = await find();

/** Registers tests with another runner than the one that was found, e.g. `useRunner({ describe, it })` of a runner of your own. */
export const useRunner = (runner: Runner): void => {
  current = runner;
};

export const test = (name: string, body: () => void): void => {
  void current.it(name, body);
};

export const group = (name: string, body: () => void): void => {
  void current.describe(name, body);
};
