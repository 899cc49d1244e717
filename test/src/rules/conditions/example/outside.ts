import type * as t from 'io-ts';
import { section } from '../../../../../src/config/section.js';
import type { Compiled, Condition } from '../../../../../src/rules/conditions/condition.js';
import { number, positive } from '../../../../../src/rules/document/forms.js';
import { may, must } from '../../../../../src/rules/document/member.js';

const band = section({
  low: must(number, 'Raised below it.'),
  high: must(number, 'Raised above it.'),
  hysteresis: must(positive, 'Cleared so far inside of both.'),
});

type Band = t.TypeOf<typeof band>;

const keys = { outside: may(band, 'A band that values should not leave.') };

/** `outside: { low, high, hysteresis }`: raised beyond either end of a band, cleared well inside of both. */
export const outside: Condition<typeof keys> = {
  name: 'outside',
  shape: 'outside',
  keys,
  whyNoOn: null,
  compiled({ outside: own }, { fault }) {
    if (own !== null && own.low >= own.high) fault(['outside', 'low'], 'it must be less than high', { found: own.low });
    return own === null ? null : compiled(own);
  },
};

const compiled = ({ low, high, hysteresis }: Band): Compiled => {
  const [lowest, highest] = [low + hysteresis, high - hysteresis];
  const beyond = (value: number): number => Math.max(low - value, value - high);
  return {
    raise: {
      text: `outside ${low} to ${high}`,
      reads: [],
      edges: [low, high],
      holds: ({ value }) => value < low || value > high,
    },
    clear: {
      text: `inside ${lowest} to ${highest}`,
      reads: [],
      edges: [lowest, highest],
      holds: ({ value }) => value >= lowest && value <= highest,
    },
    calm: [low, high],
    further: (one, other) => (beyond(one) > beyond(other) ? one : other),
    remarks: lowest > highest ? [{ key: 'hysteresis', problem: 'never cleared', details: { found: hysteresis } }] : [],
    remarksWithin: ({ name, min, max }) =>
      low <= min && high >= max
        ? [{ key: 'high', problem: `never raised: values of ${name} lie between ${min} and ${max}`, details: {} }]
        : [],
    moved: () => 'is about a band: it has no level to change; it can be switched off',
    says: ({ value }, what, shown) => `${what} ${shown(value)} is outside ${shown(low)} to ${shown(high)}`,
  };
};
