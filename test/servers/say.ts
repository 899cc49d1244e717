import type { Part } from './part.js';

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** To be seen among a thousand lines of a log. */
export const sayLoudly = (lines: readonly string[]): void => {
  const rule = '='.repeat(100);
  process.stderr.write(['', rule, ...lines, rule, ''].join('\n'));
};

export const secondsSince = (began: number): string => `${((performance.now() - began) / 1000).toFixed(1)} s`;

export const sayHad = ({ name, version, address, from }: Part, began: number): void =>
  say(`${name.padEnd(9)} ${version.padEnd(16)} ${address}, ${from}, ${secondsSince(began)}`);
