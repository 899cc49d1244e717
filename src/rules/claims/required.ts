import type { Slot } from '../compiling.js';
import { metricName } from '../document/forms.js';
import { Row } from '../document/member.js';
import { type ClaimKind, ofRecord } from './claim.js';

/** `required`: metrics that each record must have. */
export const required: ClaimKind<Row<string>, 'record'> = {
  name: 'required',
  codec: new Row(metricName, 1, 64),
  about: 'Metrics that each record must have.',
  of: 'record',
  canClamp: false,
  compiled(wanted, _subject, compiling) {
    const slots = wanted.flatMap((name, at) => compiling.slot(name, ['required', String(at)]) ?? []);
    const names = slots.map(({ name }) => name);
    const isMissing = (readings: readonly number[], { slot }: Slot): boolean => Number.isNaN(readings[slot] ?? NaN);
    return {
      text: `${names.join(', ')} must be there`,
      about: names,
      keeps: [],
      edges: [],
      breachIn({ readings }) {
        for (const one of slots) {
          if (!isMissing(readings, one)) continue;
          const missing = slots.filter((other) => isMissing(readings, other));
          return ofRecord(`${missing.map(({ name }) => name).join(', ')} must be in every record`);
        }
        return null;
      },
    };
  },
};
