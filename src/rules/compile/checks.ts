import type { CheckRule } from '../../../streams/rules/rules.js';
import { linearPattern } from '../cel/pattern.js';
import type { CheckDoc } from '../document/validate.js';
import { numberFields, profileField } from '../fields.js';
import type { Entry } from '../findings.js';
import { type Bound, claim, type Scope, slotOf } from './scope.js';

export const checksOf = (entries: readonly Entry<CheckDoc>[], scope: Scope): readonly Bound<CheckRule>[] =>
  entries.flatMap(({ value, place }, index): readonly Bound<CheckRule>[] => {
    const made = claimIn({ value, place }, scope);
    const canClamp = value.range !== null || value.max_step_per_second !== null;
    if (value.then === 'clamp' && !canClamp)
      scope.findings.fault(place, ['then'], 'only range and max_step_per_second have a nearest allowed value', {
        expected: 'reject or flag',
        found: 'clamp',
      });
    if (value.then !== 'flag' && !value.counted)
      scope.findings.warn(place, ['counted'], `says nothing: what is ${value.then}ed bears no flag`);
    if (made === null) return [];
    const { id, then, counted } = value;
    const rule: CheckRule = { id, index, then, isCounted: counted, claim: made };
    return [{ rule, selector: scope.selectors.placeOf(value.match), place }];
  });

const claimIn = ({ value, place }: Entry<CheckDoc>, scope: Scope): CheckRule['claim'] | null => {
  const { metric, field, required, range, max_step_per_second, one_of, pattern, expect } = value;
  const slot = metric === null ? null : slotOf(scope, metric, place, ['metric']);
  if (required !== null) {
    const slots = required.map((name, at) => slotOf(scope, name, place, ['required', String(at)]));
    return { _tag: 'required', metrics: slots.flatMap((found) => (found === null ? [] : [found.slot])) };
  }
  if (range !== null) {
    if (slot === null) return null;
    const [min, max] = range;
    if (min <= slot.min && max >= slot.max)
      scope.findings.warn(
        place,
        ['range'],
        `says nothing: values of ${slot.name} lie between ${slot.min} and ${slot.max}`,
      );
    return { _tag: 'range', metric: slot.slot, min, max };
  }
  if (max_step_per_second !== null)
    return slot === null ? null : { _tag: 'step', metric: slot.slot, perSecond: max_step_per_second };
  if (expect !== null) {
    const expression = claim(scope, expect, place, ['expect']);
    return expression === null ? null : { _tag: 'holds', expression };
  }
  if (field === null) return null;
  if (one_of !== null) return oneOf(field, one_of, { value, place }, scope);
  return pattern === null ? null : patternOf(field, pattern, { value, place }, scope);
};

const oneOf = (
  field: string,
  values: readonly (string | number)[],
  { place }: Entry<CheckDoc>,
  { findings }: Scope,
): CheckRule['claim'] => {
  const wanted = numberFields.has(field) ? 'number' : 'string';
  for (const [at, value] of values.entries())
    if (typeof value !== wanted)
      findings.fault(place, ['one_of', String(at)], '', {
        expected: wanted === 'number' ? `a number, as ${field} is one` : `a text, as ${field} is one: put it in quotes`,
        found: value,
      });
  return { _tag: 'one_of', field: profileField(field), name: field, values: new Set(values) };
};

const patternOf = (
  field: string,
  source: string,
  { place }: Entry<CheckDoc>,
  { findings }: Scope,
): CheckRule['claim'] | null => {
  const pattern = linearPattern(source);
  if (typeof pattern === 'string') {
    findings.fault(place, ['pattern'], pattern, { found: source });
    return null;
  }
  if (numberFields.has(field)) findings.fault(place, ['field'], `${field} is a number: patterns are for texts`);
  return { _tag: 'pattern', field: profileField(field), name: field, matches: pattern.whole };
};
