import type { ClaimKind } from '../../../../../src/rules/claims/claim.js';
import { positive } from '../../../../../src/rules/document/forms.js';

/** Of the value: what decimal fractions lose when they are written in twos. 0.3 is three times 0.1 all the same. */
const rounding = 1e-9;

/** `multiple_of`: what a sensor counts in. 12.4 bottles are none, and half a degree is all that a cheap thermometer tells. */
export const multipleOf: ClaimKind<typeof positive, 'metric'> = {
  name: 'multiple_of',
  codec: positive,
  about: 'What readings are multiples of.',
  of: 'metric',
  canClamp: true,
  compiled: (unit, { slot, name }) => ({
    text: `${name} is a multiple of ${unit}`,
    about: [name],
    keeps: [],
    edges: [],
    breachIn({ readings }) {
      const value = readings[slot] ?? NaN;
      // Never −0, which would be stored as 0.
      const nearest = Math.round(value / unit) * unit + 0;
      if (!(Math.abs(value - nearest) > rounding * Math.abs(value))) return null;
      return { metric: slot, message: `${name} ${value} is no multiple of ${unit}`, nearest };
    },
  }),
};
