import type * as t from 'io-ts';
import { bool, word } from '../../config/leaf.js';
import type { ClaimKind, SubjectName } from '../claims/claim.js';
import { fieldNames } from '../fields.js';
import { metricName, ruleId } from './forms.js';
import { matching } from './match.js';
import { Choice, listed, may, mayElse, must } from './member.js';

const field = word(...fieldNames);

/** A claim about a reading or a record, and what becomes of one that breaks it. */
export const checkOf = (claims: readonly ClaimKind[]) =>
  new Choice(
    {
      id: must(ruleId, 'Its name, which what it rejects or flags will bear.'),
      metric: may(metricName, `The metric that ${speakers('metric', claims)} of.`),
      field: may(field, `The field of the device that ${speakers('field', claims)} of.`),
      ...(Object.fromEntries(claims.map(({ name, codec, about }) => [name, may(codec, about)])) as t.Props),
      then: must(
        word('reject', 'flag', 'clamp'),
        'What becomes of what breaks the claim: a dead letter, a flag that travels with it, or the nearest allowed value.',
      ),
      counted: mayElse(
        bool,
        'Whether a flagged reading still counts in windows, detectors, alerts and what is derived.',
        true,
      ),
      match: matching,
    },
    Object.fromEntries(claims.map(({ name, of }) => [name, of === 'record' ? [] : [of]])),
  );

/** `` `one_of` and `pattern` speak `` */
const speakers = (subject: SubjectName, claims: readonly ClaimKind[]): string => {
  const names = claims.filter(({ of }) => of === subject).map(({ name }) => `\`${name}\``);
  return `${listed(names, 'and')} ${names.length === 1 ? 'speaks' : 'speak'}`;
};

export type CheckDoc = t.TypeOf<ReturnType<typeof checkOf>>;
