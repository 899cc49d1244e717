import { range as lowestAndHighest } from '../document/forms.js';
import type { ClaimKind } from './claim.js';

/** `range: [lowest, highest]`: where readings of a metric may lie. */
export const range: ClaimKind<typeof lowestAndHighest, 'metric'> = {
  name: 'range',
  codec: lowestAndHighest,
  about: 'Lowest and highest value, both included.',
  of: 'metric',
  canClamp: true,
  compiled([min, max], metric, compiling) {
    const { slot, name } = metric;
    const limits = `values of ${name} lie between ${metric.min} and ${metric.max}`;
    if (min <= metric.min && max >= metric.max) compiling.warn(['range'], `says nothing: ${limits}`);
    if (min > metric.max || max < metric.min) compiling.warn(['range'], `every reading breaks it: ${limits}`);
    return {
      text: `${name} from ${min} to ${max}`,
      about: [name],
      keeps: [],
      edges: [min, max].map((value) => ({ slot, value })),
      breachIn({ readings }) {
        const value = readings[slot] ?? NaN;
        if (Number.isNaN(value) || (value >= min && value <= max)) return null;
        const message = `${name} ${value} is outside ${min} to ${max}`;
        return { metric: slot, message, nearest: Math.min(max, Math.max(min, value)) };
      },
    };
  },
};
