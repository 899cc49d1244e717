import { shown } from '../../../streams/codecs/explain.js';
import { labelText, number } from '../document/forms.js';
import { Either2, Row } from '../document/member.js';
import { numberFields, profileField } from '../fields.js';
import { type ClaimKind, ofRecord } from './claim.js';

const textOrNumber = new Either2(labelText, number, (u) => typeof u === 'string');

/** `one_of`: the values that a field of the device may have. One that is not known breaks nothing. */
export const oneOf: ClaimKind<Row<string | number>, 'field'> = {
  name: 'one_of',
  codec: new Row(textOrNumber, 1, 1_000),
  about: 'The values a field may have.',
  of: 'field',
  canClamp: false,
  compiled(values, field, compiling) {
    const wanted = numberFields.has(field) ? 'number' : 'string';
    const expected =
      wanted === 'number' ? `a number, as ${field} is one` : `a text, as ${field} is one: put it in quotes`;
    for (const [at, found] of values.entries())
      if (typeof found !== wanted) compiling.fault(['one_of', String(at)], '', { expected, found });
    const [known, valueOf] = [new Set(values), profileField(field)];
    return {
      text: `${field} is one of ${[...known].join(', ')}`,
      about: [`device.${field}`],
      keeps: [],
      edges: [],
      breachIn({ facts }) {
        const found = valueOf(facts.profile);
        if (found === null || known.has(found)) return null;
        return ofRecord(`${field} ${shown(found)} is not one of those known`);
      },
    };
  },
};
