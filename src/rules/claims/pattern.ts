import { shown } from '../../../streams/codecs/explain.js';
import { linearPattern } from '../cel/pattern.js';
import { patternText } from '../document/forms.js';
import { numberFields, profileField } from '../fields.js';
import { type ClaimKind, ofRecord } from './claim.js';

/** `pattern`: what the whole text of a field of the device must match. One that is not known breaks nothing. */
export const pattern: ClaimKind<typeof patternText, 'field'> = {
  name: 'pattern',
  codec: patternText,
  about: 'A regular expression (RE2: linear time) that the whole field must match.',
  of: 'field',
  canClamp: false,
  compiled(source, field, compiling) {
    const made = linearPattern(source);
    if (typeof made === 'string') {
      compiling.fault(['pattern'], made, { found: source });
      return null;
    }
    if (numberFields.has(field)) compiling.fault(['field'], `${field} is a number: patterns are for texts`);
    const valueOf = profileField(field);
    return {
      text: `${field} matches a pattern`,
      about: [`device.${field}`],
      keeps: [],
      edges: [],
      breachIn({ facts }) {
        const found = valueOf(facts.profile);
        if (found === null || made.whole(String(found))) return null;
        return ofRecord(`${field} ${shown(found)} is not of the form it should have`);
      },
    };
  },
};
