import { isRight } from 'fp-ts/lib/Either.js';
import { showFault } from '../../src/config/faults.js';
import { type Kinds, registered } from '../../src/rules/kinds.js';
import { rulesFromTexts } from '../../src/rules/load.js';
import type { Rules } from '../../streams/rules/rules.js';

const metrics = `
version: 1
metrics:
  temperature: { unit: °C, range: [-50, 150] }
  humidity: { unit: '%', range: [0, 100] }
  battery: { unit: '%', range: [0, 100] }
`;

/** Rules over the metrics of `testSettings()`, as a file says them: its sections without `version` and `metrics`. `more`: kinds that nobody registered. */
export const ruled = (sections: string, more: Partial<Kinds> = {}): Rules => {
  const kinds = {
    conditions: [...registered.conditions, ...(more.conditions ?? [])],
    claims: [...registered.claims, ...(more.claims ?? [])],
  };
  const loaded = rulesFromTexts([{ name: 'test.rules.yaml', text: `${metrics}${sections}` }], {}, kinds);
  if (isRight(loaded)) return loaded.right.rules;
  throw new Error(loaded.left.map(showFault).join('\n'));
};
