import type { RuleFault } from '../rules/findings.js';
import { showFault } from '../config/faults.js';
import { err } from './output.js';

/** One line: place, what is wrong, and in brackets the rule. */
export const faultLine = (fault: RuleFault): string =>
  showFault(fault) + (fault.rule === null ? '' : ` (${fault.rule})`);

/** For machines. */
export const withMessages = (faults: readonly RuleFault[]): readonly (RuleFault & { readonly message: string })[] =>
  faults.map((fault) => ({ message: faultLine(fault), ...fault }));

export const tellFaults = (faults: readonly RuleFault[]): void => {
  for (const fault of faults) err(`${faultLine(fault)}\n`);
};
