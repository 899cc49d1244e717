import { execFileSync } from 'node:child_process';

/** Named here, as it comes with every system and with no package. */
const maker = 'mkfifo';

/** A pipe that nobody ever writes to. */
export const makePipe = (at: string): void => {
  execFileSync(maker, [at]);
};
